"""The caller, and whether their policies allow the call: identity policies and those of sessions.

From the IAM User Guide, "Policy evaluation logic". Permission boundaries and organizations' own policies
don't count. How a refusal is answered is up to `request_pipeline`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from moto.iam.models import AccessKey, IAMBackend
from moto.organizations.models import organizations_backends
from moto.sts.models import sts_backends

from aws_org_emulator.iam import reference
from aws_org_emulator.iam.conditions import Context
from aws_org_emulator.iam.evaluation import Effect, Request, evaluate
from aws_org_emulator.organization.organization import Organizations, management_of
from aws_org_emulator.protocol.validation import model
from aws_org_emulator.state.shared import SharedState

_ACCOUNT_ID = re.compile(r"\d{12}")
_POLICY_ARN = re.compile(r".+:policy/(?:o-[^/]+/)?([^/]+)/[^/]+")
_NEEDS_NO_PERMISSION = frozenset({"GetCallerIdentity"})
_JUDGED_ELSEWHERE = frozenset({"AssumeRole", "AssumeRoot"})
"""Others have a say in it: see `Permissions.may_assume` and `may_assume_root`."""
_TAGS = "TagResource"
"""Further actions that a call needs where it gives tags."""
_ACCOUNT_PART = 4
_SERVICE = "organizations.amazonaws.com"
SERVICE_LINKED_ROLE = f"role/aws-service-role/{_SERVICE}/AWSServiceRoleForOrganizations"
"""The role by which Organizations works in an account, as its ARN ends."""
ENFORCED = frozenset({"iam", "organizations", "sts"})
"""The services whose calls are judged."""


class NotAuthorizedError(Exception):
    """The caller's policies don't allow the call; says so in AWS's words."""

    def __init__(self, caller_arn: str, action: str, resource: str, effect: Effect) -> None:
        why = (
            "with an explicit deny in an identity-based policy"
            if effect is Effect.DENIED
            else f"because no identity-based policy allows the {action} action"
        )
        super().__init__(
            f"User: {caller_arn} is not authorized to perform: {action} on resource: {resource} {why}"
        )


@dataclass(frozen=True, slots=True)
class Caller:
    """The owner of an access key.

    Attributes:
        account_id: the account's.
        arn: as GetCallerIdentity says it: a session's own, for a role.
        principal_arn: the user's or the role's, as policies name it.
        user_name: the user's; None for a role.
        documents: identity policies, JSON.
        session_policy: what the session was restricted to as it began, JSON, or None.
    """

    account_id: str
    arn: str
    principal_arn: str
    user_name: str | None
    documents: tuple[str, ...]
    session_policy: str | None = None

    @property
    def context(self) -> Context:
        """The condition keys that say who is calling."""
        found = {
            "aws:principalarn": (self.principal_arn,),
            "aws:principalaccount": (self.account_id,),
            "aws:principaltype": ("User" if self.user_name else "AssumedRole",),
        }
        if self.user_name:
            found["aws:username"] = (self.user_name,)
        return found

    @property
    def names(self) -> frozenset[str]:
        """Names of the caller in a trust policy."""
        root = f"{self.principal_arn.rpartition(':')[0]}:root"
        return frozenset({self.account_id, root, self.principal_arn, self.arn})

    def may(self, action: str, resource: str, context: Context) -> Effect:
        """Decide by the caller's own policies whether an action is allowed."""
        request = Request(action, resource, context)
        effects = [evaluate(self.documents, request)]
        if self.session_policy is not None:
            effects.append(evaluate([self.session_policy], request))
        for effect in (Effect.DENIED, Effect.NOT_ALLOWED):
            if effect in effects:
                return effect
        return Effect.ALLOWED


class Permissions:
    """Judges calls in one emulator. No other request may be answered meanwhile."""

    def __init__(self, shared: SharedState) -> None:
        self._shared = shared

    def check(
        self, service: str, operation: str, access_key_id: str, call: dict[str, Any], around: Context
    ) -> None:
        """See to it that a call is allowed.

        Args:
            service: as the request is signed for.
            operation: AWS's name.
            access_key_id: one that somebody has.
            call: the call's parameters.
            around: condition keys of the request itself, such as aws:SourceIp.

        Raises:
            NotAuthorizedError: it isn't.
            UnknownOperatorError: a policy uses a condition operator that isn't known here.
        """
        if not self._shared.switches.iam_enforcement or service not in ENFORCED:
            return
        if operation in _NEEDS_NO_PERMISSION | _JUDGED_ELSEWHERE:
            return
        caller = self.caller(access_key_id)
        for action, resource, context in self._asked(service, operation, caller, call, around):
            effect = caller.may(action, resource, context)
            if effect is not Effect.ALLOWED:
                raise NotAuthorizedError(caller.arn, action, resource, effect)

    def delegated(self, account_id: str, operation: str, access_key_id: str, call: dict[str, Any]) -> Effect:
        """Decide by the organization's resource policy whether a call of Organizations is allowed.

        Args:
            account_id: the caller's.
            operation: AWS's name.
            access_key_id: one that somebody has.
            call: the call's parameters.

        Raises:
            UnknownOperatorError: the policy uses a condition operator that isn't known here.
        """
        management = _management(account_id)
        policy = None if management is None else management.resource_policy
        if policy is None:
            return Effect.NOT_ALLOWED
        caller = self.caller(access_key_id)
        effects = {
            evaluate([policy.content], Request(action, resource, context, caller.names))
            for action, resource, context in self._asked("organizations", operation, caller, call, {})
        }
        if Effect.DENIED in effects:
            return Effect.DENIED
        return Effect.NOT_ALLOWED if Effect.NOT_ALLOWED in effects else Effect.ALLOWED

    def may_make_service_linked_role(self, access_key_id: str) -> bool:
        """Return whether a caller may let Organizations make its role in the caller's account."""
        if not self._shared.switches.iam_enforcement:
            return True
        caller = self.caller(access_key_id)
        partition = caller.arn.split(":")[1]
        resource = f"arn:{partition}:iam::{caller.account_id}:{SERVICE_LINKED_ROLE}"
        asked = {"AWSServiceName": _SERVICE}
        context = self._context(caller, "CreateServiceLinkedRole", asked, resource, {})
        return caller.may("iam:CreateServiceLinkedRole", resource, context) is Effect.ALLOWED

    def may_assume(self, access_key_id: str, role_arn: str, trust_policy: str, call: dict[str, Any]) -> bool:
        """Return whether a caller may assume a role: the role must trust it, and its own policies allow it.

        Within an account a role that trusts the caller by name is enough.
        """
        caller = self.caller(access_key_id)
        context = self._context(caller, "AssumeRole", call, role_arn, {})
        asked = Request("sts:AssumeRole", role_arn, context, caller.names)
        if evaluate([trust_policy], asked) is not Effect.ALLOWED:
            return False
        if not self._shared.switches.iam_enforcement:
            return True
        own = caller.may("sts:AssumeRole", role_arn, context)
        if own is not Effect.NOT_ALLOWED:
            return own is Effect.ALLOWED
        by_name = Request("sts:AssumeRole", role_arn, context, frozenset({caller.principal_arn, caller.arn}))
        at_home = role_arn.split(":")[4] == caller.account_id
        return at_home and evaluate([trust_policy], by_name) is Effect.ALLOWED

    def may_assume_root(self, access_key_id: str, account_id: str) -> bool:
        """Return whether a caller's own policies let it assume an account's root."""
        if not self._shared.switches.iam_enforcement:
            return True
        caller = self.caller(access_key_id)
        partition = caller.arn.split(":")[1]
        target = f"arn:{partition}:iam::{account_id}:root"
        context = self._context(caller, "AssumeRoot", {}, target, {})
        return caller.may("sts:AssumeRoot", target, context) is Effect.ALLOWED

    def source(self, account_id: str, arn: str) -> Caller:
        """A user, role or group, as if it were calling.

        Args:
            account_id: where it is asked about.
            arn: the user's, role's or group's.

        Raises:
            LookupError: there is no such user, role or group.
        """
        return _source(self._shared.accounts.iam(account_id), arn)

    def caller(self, access_key_id: str) -> Caller:
        """Find the owner of an access key.

        Raises:
            LookupError: it is nobody's.
        """
        account_id = self._shared.accounts.resolve(access_key_id)
        if account_id is None:
            raise LookupError(access_key_id)
        iam = self._shared.accounts.iam(account_id)
        key = iam.access_keys[access_key_id]
        return _user(iam, str(key.user_name)) if key.role_arn is None else _session(iam, key)

    def _asked(
        self, service: str, operation: str, caller: Caller, call: dict[str, Any], around: Context
    ) -> Iterator[tuple[str, str, Context]]:
        """Each action that a call takes, with what it is about and what is known of it."""
        actions = [operation]
        if service == "organizations" and call.get("Tags") and operation != _TAGS:
            actions.append(_TAGS)
        for resource in self._resources(service, operation, caller, call):
            context = self._context(caller, operation, call, resource, around)
            for action in actions:
                yield f"{service}:{action}", resource, context

    def _resources(self, service: str, operation: str, caller: Caller, call: dict[str, Any]) -> list[str]:
        if service == "organizations":
            made = self._made(operation, caller, call)
            return (
                [made]
                if made
                else list(reference.resources(operation, call, lambda name: self._arn(caller, name)))
            )
        if service == "iam":
            return [_iam_resource(self._shared.accounts.iam(caller.account_id), operation, call)]
        return ["*"]

    def _made(self, operation: str, caller: Caller, call: dict[str, Any]) -> str | None:
        """Resources that a call creates, or has one of: they have no id in the request."""
        kind = reference.made(operation, call)
        management = _management(caller.account_id)
        if kind is None or management is None:
            return None
        sender, policy = management.sender(), management.resource_policy
        own = policy.id if policy is not None and kind == "resourcepolicy" else "*"
        path = (
            kind.replace("/", f"/{sender.organization_id}/", 1)
            if "/" in kind
            else f"{kind}/{sender.organization_id}"
        )
        return f"arn:{sender.partition}:organizations::{sender.management_id}:{path}/{own}"

    def _arn(self, caller: Caller, name: str) -> str | None:
        """The ARN of something of the caller's organization, by its id."""
        handshake = self._shared.handshake_store.get(name)
        if handshake is not None:
            return handshake.arn
        backend = _management(caller.account_id)
        if backend is None:
            return None
        if _ACCOUNT_ID.fullmatch(name):
            sender = backend.sender()
            owned = f"arn:{sender.partition}:organizations::{sender.management_id}"
            return f"{owned}:account/{sender.organization_id}/{name}"
        things: list[Any] = [*backend.ou, *backend.policies, backend.resource_policy]
        return next((str(each.arn) for each in things if each is not None and each.id == name), None)

    def _context(
        self, caller: Caller, operation: str, call: dict[str, Any], resource: str, around: Context
    ) -> Context:
        now = self._shared.clock.now()
        found = {
            **around,
            **caller.context,
            **reference.condition_keys(operation, call),
            "aws:currenttime": (now.isoformat(),),
            "aws:epochtime": (str(now.timestamp()),),
        }
        management = _management(caller.account_id)
        if management is not None:
            found["aws:principalorgid"] = (management.sender().organization_id,)
        owner = management.account_id if management is not None else caller.account_id
        found["aws:resourceaccount"] = (
            owner if operation in model().operation_names else _owner(resource, caller),
        )
        for tag in call.get("Tags") or ():
            if isinstance(tag, dict):
                found[f"aws:requesttag/{str(tag['Key']).lower()}"] = (str(tag["Value"]),)
        policy = _POLICY_ARN.fullmatch(resource)
        if policy is not None:
            found["organizations:policytype"] = (policy[1].upper(),)
        return found


def _management(account_id: str) -> Organizations | None:
    """The backend of the management account of the organization that an account is in, if it is in one."""
    management = management_of(account_id)
    if management is None:
        return None
    backend = organizations_backends[management]["aws"]
    assert isinstance(backend, Organizations)  # noqa: S101 - an emulator installs no other
    return backend


def _owner(resource: str, caller: Caller) -> str:
    """The account of an ARN; what has none is the caller's."""
    parts = resource.split(":")
    return parts[4] if len(parts) > _ACCOUNT_PART and parts[4] else caller.account_id


def _source(iam: IAMBackend, arn: str) -> Caller:
    """A user, role or group, as if it were calling."""
    for user in iam.users.values():
        if user.arn == arn:
            return _user(iam, user.name)
    holders: list[Any] = [*iam.roles.values(), *iam.groups.values()]
    for each in holders:
        if each.arn == arn:
            return Caller(iam.account_id, arn, arn, None, _documents(each))
    raise LookupError(arn)


def _user(iam: IAMBackend, name: str) -> Caller:
    user = iam.get_user(name)
    documents = (
        *_documents(user),
        *(document for group in iam.get_groups_for_user(name) for document in _documents(group)),
    )
    return Caller(iam.account_id, user.arn, user.arn, name, documents)


def _session(iam: IAMBackend, key: AccessKey) -> Caller:
    role = iam.get_role_by_arn(str(key.role_arn))
    session = sts_backends[iam.account_id][iam.partition].get_assumed_role_from_access_key(key.access_key_id)
    assert session is not None  # noqa: S101 - keys of roles are made with their sessions
    return Caller(iam.account_id, session.arn, role.arn, None, _documents(role), session.policy or None)


def _documents(holder: Any) -> tuple[str, ...]:
    """The policies of a user, role or group, inline ones and managed ones."""
    return (*holder.policies.values(), *(_document(each) for each in holder.managed_policies.values()))


def _document(policy: Any) -> str:
    """The default version of a managed policy."""
    return next(str(version.document) for version in policy.versions if version.is_default)


def _iam_resource(iam: IAMBackend, operation: str, call: dict[str, Any]) -> str:
    """The role or user that a call of IAM names; what doesn't exist yet is where it would be."""
    if operation == "SimulatePrincipalPolicy":
        return str(call.get("PolicySourceArn", "*"))
    home = f"arn:{iam.partition}:iam::{iam.account_id}"
    if operation == "CreateServiceLinkedRole":
        service = call.get("AWSServiceName")
        return (
            f"{home}:{SERVICE_LINKED_ROLE}"
            if service == _SERVICE
            else f"{home}:role/aws-service-role/{service}/*"
        )
    for kind, things in (("Role", iam.roles), ("User", iam.users)):
        name = call.get(f"{kind}Name")
        if name:
            found = (str(each.arn) for each in things.values() if each.name == name)
            return next(found, f"{home}:{kind.lower()}/{name}")
    return "*"
