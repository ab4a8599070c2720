"""Errors while fetching credentials, named by where they should have come from.

Never with what a program printed, a file holds or an endpoint answered: that may be the credentials.
"""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.aws.endpoints import shown
from aws_org_features.common import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_STATUS: Final = re.compile(r"non 200 response (\d+)")
_PARAMETER: Final = re.compile(r"for parameter (\w+)")
_PROFILE: Final = "AWS_PROFILE", "AWS_DEFAULT_PROFILE"
_FILES: Final = ("AWS_CONFIG_FILE", "~/.aws/config"), ("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")

NAMES: Final[Mapping[str, str]] = {
    "env": "the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)",
    "assume-role": "{profile}",
    "assume-role-with-web-identity": "the web identity of {profile}",
    "sso": "the single sign-on of {profile}",
    "shared-credentials-file": "{profile}",
    "login": "the sign-in of {profile}",
    "custom-process": "the credential_process of {profile}",
    "config-file": "{profile}",
    "ec2-credentials-file": "the file that AWS_CREDENTIAL_FILE names",
    "boto-config": "boto's own file (BOTO_CONFIG, ~/.boto)",
    "container-role": "the container's endpoint",
    "iam-role": "the machine's role",
}
"""Names of credential sources for a person, by botocore's names."""

_REMEDIES: Final[Mapping[str, str]] = {
    "assume-role-with-web-identity": "Check AWS_WEB_IDENTITY_TOKEN_FILE, or web_identity_token_file of the "
    "profile: what runs this writes the token there.",
    "sso": "Sign in with `aws sso login{option}`, and check the profile's sso_… settings.",
    "login": "Sign in with `aws login{option}`.",
    "custom-process": "Run the program yourself. It must ask nothing, and print JSON with Version 1, "
    "AccessKeyId and SecretAccessKey.",
    "ec2-credentials-file": "Check that file, or unset AWS_CREDENTIAL_FILE.",
    "container-role": "Check AWS_CONTAINER_CREDENTIALS_FULL_URI or _RELATIVE_URI and its token; "
    "where there is no container, unset them.",
    "iam-role": "Check the machine's role, and AWS_EC2_METADATA_SERVICE_ENDPOINT if you set it.",
}
_REMEDY: Final = "Check the AWS configuration files: `aws sts get-caller-identity{option}` must work."


def profile_of(named: str | None) -> str | None:
    """The profile used: the one that is named, or the environment's; None if there is none."""
    return named or next(filter(None, map(os.environ.get, _PROFILE)), None)


@dataclass(frozen=True, slots=True)
class Source:
    """The source of credentials.

    Attributes:
        profile: The profile's name; None for none in particular.
        method: botocore's name for the way in which they are got.
        detail: A program or an address, to be shown.
    """

    profile: str | None = None
    method: str = "config-file"
    detail: str = ""

    @property
    def name(self) -> str:
        """The source's name, for a person."""
        known = self.profile and self.profile != "default"
        name = NAMES.get(self.method, "{profile}").format(
            profile=f"profile {self.profile!r}" if known else "the default profile"
        )
        return f"{name} ({self.detail})" if self.detail else name

    @property
    def option(self) -> str:
        """The AWS CLI's option for the profile."""
        return f" --profile {self.profile}" if self.profile and self.profile != "default" else ""

    @property
    def remedy(self) -> str:
        """The next step for a person."""
        return _REMEDIES.get(self.method, _REMEDY).format(option=self.option)


@contextlib.contextmanager
def told_of(source: Source) -> Iterator[None]:
    """Raise errors while fetching credentials as ours; what AWS refuses is raised by its call.

    Args:
        source: Where they should come from.
    """
    from botocore.exceptions import ClientError

    try:
        yield
    except errors.OrgFeaturesError:
        raise
    except ClientError as error:
        error.add_note(source.name)
        raise
    except Exception as error:  # anything that botocore or the file system raises
        raise trouble(error, source) or failed(source, _why(error, source)) from error


@contextlib.contextmanager
def told_of_settings(source: Source) -> Iterator[None]:
    """Raise errors while making a client as ours; it takes settings from many places.

    Args:
        source: The profile in force.
    """
    try:
        yield
    except errors.OrgFeaturesError:
        raise
    except Exception as error:
        name = type(error).__name__
        why = shown(str(error)).rstrip(". ") if name.startswith("Invalid") else f"the AWS SDK raised {name}"
        if str(error).startswith("Invalid endpoint"):  # and goes on with what stands for one
            why = "one of the addresses isn't valid"
        raise trouble(error, source) or errors.ConfigurationError(
            f"The AWS connection settings can't be used: {why}.",
            f"Check the region and the endpoint addresses, {source.name}, and AWS_… in the environment.",
        ) from error


def trouble(error: Exception, source: Source) -> errors.OrgFeaturesError | None:
    """An error about credentials or configuration, as ours; None for others."""
    if type(error) is RuntimeError:  # botocore's, of credentials that it has just renewed
        return _ended_already(source)
    for kind in type(error).__mro__:
        # By name: older versions of botocore don't have them all.
        if make := BY_NAME.get(kind.__name__):
            return make(error, source)
    return None


def failed(source: Source, why: str) -> errors.OrgFeaturesError:
    """A source that gave no credentials."""
    return errors.CredentialsSourceError(
        f"{_capital(source.name)} gave no credentials: {why}.", source.remedy
    )


_NOT_TAKEN: Final = "what it printed isn't what credential_process takes"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _why(error: Exception, source: Source) -> str:
    name = type(error).__name__
    if source.method == "custom-process" and not isinstance(error, OSError):
        return _NOT_TAKEN
    if isinstance(error, OSError):
        reason = error.strerror or name
        return f"{error.filename}: {reason}" if isinstance(error.filename, str) else reason
    text = shown(str(error))
    if name in _SAFE or text.startswith(("Unsupported host ", "Auth token value is not")):
        return text.rstrip(". \n")
    if name == "ParamValidationError":
        return f"AWS rejects its {' and '.join(_PARAMETER.findall(text)) or 'settings'}"
    return f"it isn't valid ({name})"


# These name an address at most.
_SAFE: Final = frozenset(
    {
        "ConnectTimeoutError",
        "ConnectionClosedError",
        "EndpointConnectionError",
        "ProxyConnectionError",
        "ReadTimeoutError",
        "SSLError",
    }
)


def _kwargs(error: Exception) -> Mapping[str, Any]:
    found: Any = getattr(error, "kwargs", {})
    return found if isinstance(found, dict) else {}


def _ended_already(source: Source) -> errors.OrgFeaturesError:
    return errors.CredentialsExpiredError(
        f"The credentials from {source.name} have already expired.",
        "Check the machine's clock, and run again.",
    )


def _none(error: Exception, _source: Source) -> errors.OrgFeaturesError:
    return errors.CredentialsMissingError(
        f"No AWS credentials found ({shown(str(error))}).",
        "Set `aws:profile` in the stack's configuration, or AWS_PROFILE.",
    )


def _half(error: Exception, source: Source) -> errors.OrgFeaturesError:
    missing = _kwargs(error).get("cred_var")
    return errors.CredentialsMissingError(
        f"{_capital(source.name)} has only half of the credentials: {missing} is missing.", source.remedy
    )


def _no_profile(error: Exception, _source: Source) -> errors.OrgFeaturesError:
    looked = " and ".join(_looked_into(os.environ.get(variable) or usual) for variable, usual in _FILES)
    return errors.CredentialsMissingError(
        f"There is no profile {str(_kwargs(error).get('profile'))!r} in {looked}.",
        "Set `aws:profile` in the stack's configuration, or AWS_PROFILE, to an existing one: `aws "
        "configure list-profiles` lists them.",
    )


def _looked_into(path: str) -> str:
    """A file, and why nothing was found in it at all."""
    where = os.path.expanduser(os.path.expandvars(path))  # noqa: PTH111 - as botocore reads it
    if not os.path.exists(where):  # noqa: PTH110 - likewise
        return f"{path} (doesn't exist)"
    return path if os.access(where, os.R_OK) else f"{path} (not readable)"


def _no_file(error: Exception, source: Source) -> errors.OrgFeaturesError:
    return failed(source, f"{_kwargs(error).get('path')}: No such file")


def _unreadable(error: Exception, _source: Source) -> errors.OrgFeaturesError:
    about = _kwargs(error)
    why = about.get("error")
    kind = f" ({type(why).__name__})" if isinstance(why, Exception) else ""
    begins = f", from line {line}" if (line := _line(why)) else ""
    return errors.CredentialsFileError(
        f"The AWS configuration file {about.get('path')} can't be read{kind}{begins}.",
        "It must be UTF-8 text without a byte order mark, with sections such as [profile NAME] above all "
        "settings.",
    )


def _line(why: Any) -> int | None:
    found = getattr(why, "lineno", None)
    several = getattr(why, "errors", None)
    if found is None and isinstance(several, list) and several:
        found = several[0][0]
    return found if isinstance(found, int) else None


def _unusable(error: Exception, source: Source) -> errors.OrgFeaturesError:
    return errors.ProfileUnusableError(
        f"{_capital(source.name)} can't be used: {shown(str(error)).rstrip('. ')}.", source.remedy
    )


def _no_metadata(error: Exception, source: Source) -> errors.OrgFeaturesError:
    return _unusable(error, Source(source.profile, "iam-role"))


def _needs_a_package(_error: Exception, source: Source) -> errors.OrgFeaturesError:
    return errors.ProfileUnusableError(
        f"{_capital(source.name)} can't be used: it needs a package that isn't installed.",
        "Install it where this runs: `pip install 'botocore[crt]'`.",
    )


def _signed_out(error: Exception, source: Source) -> errors.OrgFeaturesError:
    # As the AWS SDK raises it of a token that it looked for by itself.
    source = source if source.method == "sso" else Source(source.profile, "sso")
    return errors.CredentialsExpiredError(
        f"The single sign-on session of {_named(source)} has ended ({shown(str(error)).rstrip('. ')}).",
        f"Sign in with `aws sso login{source.option}` and run again.",
    )


def _logged_out(_error: Exception, source: Source) -> errors.OrgFeaturesError:
    return errors.CredentialsExpiredError(
        f"The sign-in of {_named(source)} has ended, or can't be read.",
        f"Sign in with `aws login{source.option}` and run again.",
    )


def _named(source: Source) -> str:
    return Source(source.profile).name


def _not_renewed(_error: Exception, source: Source) -> errors.OrgFeaturesError:
    return errors.CredentialsExpiredError(
        f"The session of {_named(source)} has ended, and a new one needs a code of its MFA device.",
        "Run it again.",
    )


def _not_retrieved(error: Exception, source: Source) -> errors.OrgFeaturesError:
    said = str(_kwargs(error).get("error_msg") or "")
    asked = _kwargs(error).get("provider")
    if asked and asked not in NAMES:  # a profile's credential_source
        return failed(source, f"{said.rstrip('. ')}: {asked}")
    status = _STATUS.search(said)
    if status:
        return failed(source, f"it answered with status {status[1]}")
    if source.method == "custom-process":
        return failed(source, _NOT_TAKEN)
    return failed(source, shown(said).rstrip(". ") or type(error).__name__)


BY_NAME: Final[Mapping[str, Callable[[Any, Source], errors.OrgFeaturesError]]] = {
    "ConfigNotFound": _no_file,
    "ConfigParseError": _unreadable,
    "CredentialRetrievalError": _not_retrieved,
    "InvalidConfigError": _unusable,
    "InvalidIMDSEndpointError": _no_metadata,
    "InvalidIMDSEndpointModeError": _no_metadata,
    "LoginError": _logged_out,
    "LoginInsufficientPermissions": _unusable,
    "MetadataRetrievalError": _not_retrieved,
    "MissingDependencyException": _needs_a_package,
    "NoAuthTokenError": _signed_out,
    "NoCredentialsError": _none,
    "PartialCredentialsError": _half,
    "ProfileNotFound": _no_profile,
    "RefreshWithMFAUnsupportedError": _not_renewed,
    "SSOError": _signed_out,
    "TokenRetrievalError": _signed_out,
    "UnknownCredentialError": _unusable,
}
"""botocore's errors about credentials and configuration by name, with their subclasses."""
