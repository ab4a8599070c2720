"""What the providers of resources that ask AWS have in common: the stack's configuration, and a name."""

from __future__ import annotations

import base64
import functools
import pickletools
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from pulumi.dynamic import CheckFailure, CheckResult, ConfigureRequest, ResourceProvider

from aws_org_features.common.errors import OrgFeaturesError
from aws_org_features.common.sanitize import message
from aws_org_features.resources.aws_settings import SET, is_set, refuse_unknown, unconfigured
from aws_org_features.resources.connection import resolve
from aws_org_features.resources.engine import calling_urn
from aws_org_features.resources.inputs import all_known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from aws_org_features.aws import Connection
    from aws_org_features.resources.inputs import Problem

    Check = Callable[[Any, dict[str, Any], dict[str, Any]], CheckResult]

PROVIDER_KEY: Final = "__provider"


class ConnectedProvider(ResourceProvider):
    """Acts by the stack's configuration, or by the resource's own `connection`."""

    serialize_as_secret_always = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Have each check look at what the provider was given first."""
        super().__init_subclass__(**kwargs)
        if "check" in vars(cls):
            cls.check = _after_its_settings(cls.check)  # type: ignore[method-assign, assignment]

    _configuration: Mapping[str, object] = MappingProxyType({})
    _get: Callable[[str], str | None] = staticmethod(lambda _key: None)

    def configure(self, req: ConfigureRequest) -> None:
        """Keep the stack's configuration at hand; it is read when somebody has to act."""
        self._get = req.config.get
        # The SDK has no way to list keys.
        self._configuration = dict(getattr(req.config, "_props", {}))

    def configuration_problems(self, news: Mapping[str, Any]) -> list[CheckFailure]:
        """What is wrong with the configuration that a resource acts by, its own `connection` being sound."""
        declared = news.get("connection")
        if not all_known(declared):
            return []
        try:
            refuse_unknown(self._configuration)
            resolve(declared, self._get)
        except OrgFeaturesError as error:
            return [failure_of(error)]
        return []

    def connection(self, props: Mapping[str, Any]) -> Connection:
        """How a resource reaches AWS.

        Raises:
            ConfigurationError: The stack's configuration can't be followed.
        """
        return resolve(props.get("connection"), self._get)


def _after_its_settings(check: Check) -> Check:
    """A check that begins with whether the provider has the settings that the stack has.

    What the program tells of these is left out of the inputs.
    """

    @functools.wraps(check)
    def wrapper(self: Any, olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        wanted = news.get(SET) or ()
        news = {name: value for name, value in news.items() if name != SET}
        lacking = [key for key in wanted if not is_set(self._configuration.get(key))]
        if lacking:
            name = calling_urn().rpartition("::")[2] or "the resource"
            return CheckResult(news, [CheckFailure("", unconfigured(name, lacking))])
        return check(self, olds, news)

    return wrapper


def failure_of(error: OrgFeaturesError) -> CheckFailure:
    """An error of a check, as the engine takes it; it blames no input, whose value would be printed."""
    return CheckFailure("", f"{error.reference}: {error}")


def failures_of(problems: Iterable[Problem]) -> list[CheckFailure]:
    """What is wrong with inputs, as the engine takes it: a line each, whatever somebody declared."""
    return [CheckFailure(name, message(text)) for name, text in problems]


def differ(kept: Mapping[str, Any], news: Mapping[str, Any], inputs: Iterable[str]) -> bool:
    """Whether a resource is declared in another way than before, or by a provider of another name."""
    if any(kept.get(name) != news.get(name) for name in inputs):
        return True
    return provider_of(kept) != provider_of(news)


def provider_of(props: Mapping[str, Any]) -> list[str] | None:
    """Which class a pickled provider names; its bytes differ between versions of Python."""
    pickled = props.get(PROVIDER_KEY)
    if not isinstance(pickled, str):
        return None
    operations = pickletools.genops(base64.b64decode(pickled))
    return [argument for _, argument, _ in operations if isinstance(argument, str)]
