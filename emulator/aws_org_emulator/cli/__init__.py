"""The command `aws-org-emulator`: what has to hold before the first subcommand is imported."""

import sys
from collections.abc import Sequence
from importlib.util import find_spec

from aws_org_emulator.cli.standard_streams import OutputError, guarded

_NEEDED = ("click", "flask", "flask_cors", "moto", "rich", "yaml")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; it ends the process."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        needed = " and ".join(missing)
        sys.exit(f"error: aws-org-emulator needs {needed}: pip install 'aws-org-features[emulator]'")
    try:
        with guarded():
            from aws_org_emulator.cli.commands import main as command  # noqa: PLC0415 - it needs what is looked for

            command(arguments, prog_name="aws-org-emulator")
    except OutputError as error:
        if str(error):
            print(f"Error: {error}", file=sys.stderr)
        sys.exit(error.code)
