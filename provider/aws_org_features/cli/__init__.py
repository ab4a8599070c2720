"""The command `org-features`: plan, approve, monitor and report, from a terminal or a pipeline.

A subcommand is a file here, listed in `group`. What they share: `options` (who acts, and where), `output`
(text, tables, JSON), `exits` (exit codes), `command` (errors in one line), `look` (looking at AWS). They
decide nothing: that is the core's.
"""

import gc
import sys
from collections.abc import Sequence
from importlib.util import find_spec

_NEEDED = ("click", "jinja2", "rich", "yaml")
_GARBAGE = 100_000
"""New objects before the collector looks for what can go; Python's own are 700 to 2,000."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; ends the process with one of `exits.Exit`."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        needed = " and ".join(missing)
        sys.exit(f"error: org-features needs {needed}: pip install 'aws-org-features[cli]'")
    # Loaded modules stay: looking through them for garbage, over and over, takes a seventh of the start.
    gc.set_threshold(_GARBAGE)
    from aws_org_features.cli.streams import OutputError, guarded

    try:
        with guarded():
            from aws_org_features.cli.group import org_features

            org_features(arguments, prog_name="org-features")
    except OutputError as error:
        sys.exit(_unread(error.reason))


def _unread(reason: str) -> int:
    """End without having told the result."""
    from aws_org_features.cli.exit_codes import Exit
    from aws_org_features.cli.render.output import tell
    from aws_org_features.common.errors import FileUnusableError

    if not reason:
        return Exit.UNREAD
    what = f"The result can't be written to standard output: {reason}."
    tell(
        FileUnusableError(what, "What was done stays done. Redirect the output elsewhere, and run it again."),
        as_json=False,
    )
    return Exit.FAILED
