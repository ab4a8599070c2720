"""Organizations of any size, for tests of scale: the same for the same numbers, nothing drawn.

Values only; the proportions are what the tests of a landing zone meet, not figures of AWS's.
"""

from collections.abc import Iterator

from aws_org_emulator.scenario.scenario import FIRST_CREATED, FIRST_INVITED, Member, Scenario

SMALLEST = 5
LARGEST = 50_000
"""The most accounts that AWS lets an organization have: User Guide, quotas."""
_INVITED_OF_FIVE = 2
_ROLELESS_EVERY = 50


def generate(accounts: int) -> Scenario:
    """An organization with consolidated billing and so many accounts.

    Of five members two were invited and three created; every fiftieth created one has lost its
    service-linked role, so that it is asked as well.

    Args:
        accounts: how many, the management account included: 5 to 50,000.

    Raises:
        ValueError: `accounts` is out of these bounds.
    """
    if not SMALLEST <= accounts <= LARGEST:
        raise ValueError(
            f"an organization of {accounts} accounts can't be generated: {SMALLEST} to {LARGEST}"
        )
    return Scenario(invited=0, created=0, members=tuple(_members(accounts - 1)))


def _members(count: int) -> Iterator[Member]:
    invited = count * _INVITED_OF_FIVE // 5
    for number in range(invited):
        yield Member(str(FIRST_INVITED + number))
    for number in range(count - invited):
        keeps_role = (number + 1) % _ROLELESS_EVERY != 0
        yield Member(str(FIRST_CREATED + number), joined="CREATED", service_linked_role=keeps_role)
