"""The commands that an owner types: AWS's own command line, in a POSIX shell such as AWS CloudShell's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aws_org_features.views.approval_kit.values import Asked, Request

STACK: Final = "all-features-approver"
TEMPLATE: Final = "approver-role.yaml"

# Where Organizations is at home in partitions that the command line doesn't reach by itself.
_REGIONS: Final = {"aws-cn": "cn-northwest-1", "aws-us-gov": "us-gov-west-1"}


def accept(request: Request, asked: Asked) -> str:
    """Approve, in one command."""
    return _answer("accept-handshake", request, asked)


def decline(request: Request, asked: Asked) -> str:
    """Refuse."""
    return _answer("decline-handshake", request, asked)


def describe(request: Request, asked: Asked) -> str:
    """Show what is asked, and change nothing; out of a list, so that it takes no permission of its own."""
    found = f"Handshakes[?Id=='{asked.handshake_id}']" if asked.handshake_id else _pending(request)
    return f'{_list(request)} --query "{found}"'


def deploy() -> str:
    """Make the role of the template, in the account whose credentials these are."""
    return (
        f"aws cloudformation deploy --stack-name {STACK} --template-file {TEMPLATE} "
        "--capabilities CAPABILITY_NAMED_IAM"
    )


def undeploy() -> str:
    """Remove that role."""
    return f"aws cloudformation delete-stack --stack-name {STACK}"


def _answer(operation: str, request: Request, asked: Asked) -> str:
    found = asked.handshake_id or f'"$({_list(request)} --query "{_pending(request)}.Id" --output text)"'
    return f"{_organizations(request, operation)} --handshake-id {found}"


def _list(request: Request) -> str:
    return _organizations(request, "list-handshakes-for-account")


def _organizations(request: Request, operation: str) -> str:
    region = _REGIONS.get(request.partition)
    return f"aws organizations {operation}" + (f" --region {region}" if region else "")


def _pending(request: Request) -> str:
    """The requests of this migration that wait for an answer, in JMESPath.

    A list, not its first item: with text output the command line asks a query of each page by itself. AWS's
    guide shows the parent's id without its prefix.
    """
    bare = (request.parent_id or "").removeprefix("h-")
    waits = "State=='OPEN' || State=='REQUESTED'"
    belongs = f"Resources[?Type=='PARENT_HANDSHAKE' && ends_with(Value, '{bare}')]"
    return f"Handshakes[?({waits}) && {belongs}]"
