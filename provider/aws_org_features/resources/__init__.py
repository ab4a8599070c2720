"""The dynamic resources: thin edges between Pulumi's engine and the core.

The paths of the provider classes here stand in users' state files: moving or renaming one needs a migration.
"""
