"""Start of the native provider by Pulumi's language host for Python, as by its executable."""

from aws_org_features.plugin.server import main

main()
