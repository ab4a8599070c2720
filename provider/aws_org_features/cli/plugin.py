"""`org-features plugin`: have Pulumi's engine find the native provider that this Python has."""

from __future__ import annotations

from importlib.metadata import version as version_of
from typing import TYPE_CHECKING

import click

from aws_org_features.cli.command import Command
from aws_org_features.cli.render import output
from aws_org_features.common.sanitize import message

if TYPE_CHECKING:
    from aws_org_features.cli.pulumi_plugins import PulumiPlugins


@click.group("plugin")
def plugin() -> None:
    """Install the native provider's plugin, for programs in any language.

    The plugin runs on the Python in which this package is installed. No AWS call is made.
    """


@plugin.command("install", cls=Command)
@click.option("--uninstall", is_flag=True, help="Remove it, in all versions.")
def install(*, uninstall: bool, as_json: bool) -> None:
    """Put an executable that starts this Python into Pulumi's plugin folder.

    Run it again after each upgrade: a program uses the version that its SDK has.
    """
    from aws_org_features.cli.pulumi_plugins import PulumiPlugins

    folder = PulumiPlugins.of_path()
    if uninstall:
        _uninstall(folder, as_json=as_json)
    else:
        _install(folder, as_json=as_json)


def _install(folder: PulumiPlugins, *, as_json: bool) -> None:
    from aws_org_features.cli import pulumi_plugins

    version, python = version_of("aws-org-features"), pulumi_plugins.this_python()
    folder.install(version, python)
    before = pulumi_plugins.on_path()
    if as_json:
        output.show_json({"installed": version, "python": python, "on_path": before})
        return
    output.paragraph(message(f"Pulumi finds {pulumi_plugins.NAME} {version} now, which starts {python}."))
    if before is not None:
        output.paragraph(
            message(
                f"It takes {before} before that, as it is on PATH, and warns of it. Leave that folder out of "
                "PATH, or set PULUMI_IGNORE_AMBIENT_PLUGINS=true."
            )
        )


def _uninstall(folder: PulumiPlugins, *, as_json: bool) -> None:
    from aws_org_features.cli import pulumi_plugins

    versions = folder.versions()
    if versions:
        folder.remove()
    if as_json:
        output.show_json({"uninstalled": versions})
    elif versions:
        output.paragraph(message(f"Pulumi no longer has {pulumi_plugins.NAME} {', '.join(versions)}."))
    else:
        output.paragraph(f"Pulumi has no {pulumi_plugins.NAME} to take away.")
