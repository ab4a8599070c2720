"""The organizational units below the root. They need no features, so they are there from the first day."""

from collections.abc import Iterable, Iterator

import pulumi
import pulumi_aws as aws

NAMES = ("Security", "Infrastructure", "Workloads", "Sandbox", "PolicyStaging")


def declare(root_id: pulumi.Input[str]) -> dict[str, aws.organizations.OrganizationalUnit]:
    """Declare each unit; gives them by name."""
    return {name: aws.organizations.OrganizationalUnit(name, name=name, parent_id=root_id) for name in NAMES}


def checked(names: Iterable[str]) -> Iterator[str]:
    """The names as they are, unless one is none of ours."""
    for name in names:
        if name not in NAMES:
            raise pulumi.RunError(f"guardrailsOn names {name!r}, but there are {', '.join(NAMES)}")
        yield name
