"""What Pulumi's language host for Python starts: the native provider, as its executable does."""

from aws_org_features.plugin.server import main

main()
