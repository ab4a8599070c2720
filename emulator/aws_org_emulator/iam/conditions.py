"""The operators of a policy's Condition element: IAM User Guide, "Condition operators".

Pure. Which keys a request has, and with which values, is somebody else's business; so is what a policy's
statement says besides its conditions.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

Context = Mapping[str, tuple[str, ...]]
"""Facts about a request: names of condition keys in lower case, and their values."""
Matches = Callable[[str, str, Context], bool]
"""Called with what a policy expects, a value of the request, and the whole context."""

_QUANTIFIERS = frozenset({"", "ForAllValues", "ForAnyValue"})
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_PARTS_OF_ARN = 6


class UnknownOperatorError(ValueError):
    """A policy uses an operator that AWS doesn't have, or that isn't known here."""


def conditions_met(conditions: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """Return whether a request meets all conditions of a statement.

    Args:
        conditions: a statement's Condition element: operator -> key -> expected values.
        context: what is known of the request.

    Raises:
        UnknownOperatorError: an operator isn't known.
    """
    return all(
        _holds(operator, key, [_text(each) for each in listed(expected)], context)
        for operator, by_key in conditions.items()
        for key, expected in by_key.items()
    )


def listed(value: Any) -> list[Any]:
    """A policy's element as a list: AWS allows a single value in its place."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def like(pattern: str, text: str, context: Context, *, ignore_case: bool = False) -> bool:
    """Return whether a text is like a pattern with `*`, `?` and policy variables such as `${aws:username}`.

    A variable whose key the request doesn't have matches nothing; what a variable stands for is taken to the
    letter.
    """
    return _matches(pattern, text, context, _wild, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def _matches(
    pattern: str, text: str, context: Context, written: Callable[[str], str], flags: int = re.DOTALL
) -> bool:
    parts, end = [], 0
    for variable in _VARIABLE.finditer(pattern):
        value = _variable(variable[1], context)
        if value is None:
            return False
        parts += [written(pattern[end : variable.start()]), re.escape(value)]
        end = variable.end()
    parts.append(written(pattern[end:]))
    return re.fullmatch("".join(parts), text, flags) is not None


def _wild(text: str) -> str:
    return re.escape(text).replace(r"\*", ".*").replace(r"\?", ".")


def _variable(name: str, context: Context) -> str | None:
    if name in {"*", "?", "$"}:
        return name
    values = context.get(name.lower(), ())
    return values[0] if len(values) == 1 else None


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _holds(operator: str, key: str, expected: list[str], context: Context) -> bool:
    quantifier, _, base = operator.rpartition(":")
    if_exists = base.endswith("IfExists")
    name = base.removesuffix("IfExists")
    values = context.get(key.lower(), ())
    if name == "Null":
        return (str(expected[0]).lower() == "true") is not bool(values)
    matches, negated = _operator(name)

    def holds(value: str) -> bool:
        return any(matches(each, value, context) for each in expected) is not negated

    if quantifier == "ForAllValues":
        return all(map(holds, values))
    if quantifier == "ForAnyValue":
        return any(map(holds, values))
    if quantifier:
        raise UnknownOperatorError(operator)
    if not values:
        return if_exists or negated
    return holds(values[0])


def is_operator(name: str) -> bool:
    """Return whether there is an operator of this name, as far as is known here."""
    quantifier, _, base = name.rpartition(":")
    plain = base.removesuffix("IfExists")
    try:
        return quantifier in _QUANTIFIERS and (plain == "Null" or bool(_operator(plain)))
    except UnknownOperatorError:
        return False


def _operator(name: str) -> tuple[Matches, bool]:
    if name in _OPERATORS:
        return _OPERATORS[name], False
    positive = name.replace("Not", "", 1)
    if name != positive and positive in _NEGATABLE:
        return _OPERATORS[positive], True
    raise UnknownOperatorError(name)


def _equals(expected: str, value: str, context: Context) -> bool:
    return _matches(expected, value, context, re.escape)


def _equals_ignoring_case(expected: str, value: str, _context: Context) -> bool:
    return expected.lower() == value.lower()


def _arn_like(expected: str, value: str, context: Context) -> bool:
    """Each of an ARN's six parts by itself, so that a wildcard doesn't reach into the next."""
    patterns, parts = expected.split(":", _PARTS_OF_ARN - 1), value.split(":", _PARTS_OF_ARN - 1)
    if len(patterns) != _PARTS_OF_ARN or len(parts) != _PARTS_OF_ARN:
        return False
    return all(like(pattern, part, context) for pattern, part in zip(patterns, parts, strict=True))


def _number(compare: Callable[[float, float], bool]) -> Matches:
    def matches(expected: str, value: str, _context: Context) -> bool:
        try:
            return compare(float(value), float(expected))
        except ValueError:
            return False

    return matches


def _date(compare: Callable[[float, float], bool]) -> Matches:
    def matches(expected: str, value: str, _context: Context) -> bool:
        try:
            return compare(_seconds(value), _seconds(expected))
        except ValueError:
            return False

    return matches


def _seconds(text: str) -> float:
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _in_network(expected: str, value: str, _context: Context) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(expected, strict=False)
    except ValueError:
        return False


def _compared(
    kind: str, make: Callable[[Callable[[float, float], bool]], Matches]
) -> Iterable[tuple[str, Matches]]:
    yield f"{kind}Equals", make(lambda value, expected: value == expected)
    yield f"{kind}LessThan", make(lambda value, expected: value < expected)
    yield f"{kind}LessThanEquals", make(lambda value, expected: value <= expected)
    yield f"{kind}GreaterThan", make(lambda value, expected: value > expected)
    yield f"{kind}GreaterThanEquals", make(lambda value, expected: value >= expected)


_OPERATORS: Mapping[str, Matches] = {
    "StringEquals": _equals,
    "StringEqualsIgnoreCase": _equals_ignoring_case,
    "StringLike": like,
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "Bool": _equals_ignoring_case,
    "IpAddress": _in_network,
    **dict(_compared("Numeric", _number)),
    **dict(_compared("Date", _date)),
}
_NEGATABLE = frozenset(
    {
        "StringEquals",
        "StringEqualsIgnoreCase",
        "StringLike",
        "ArnEquals",
        "ArnLike",
        "IpAddress",
        "NumericEquals",
        "DateEquals",
    }
)
"""Those that have a counterpart with Not in its name: StringNotEquals, NotIpAddress, ..."""
