"""A stand-in for the binary plugin of pulumi-aws, for what a landing zone declares.

The plugin comes from no package registry. This one speaks the same protocol with the real engine, and
calls AWS by boto3. It does what pulumi-aws 7 does, which is what Terraform's AWS provider does behind the
bridge: what that shows in `internal/service/organizations` is imitated here, its unwelcome traits above all,
and written again. What it doesn't know it refuses by name.

It knows neither our provider nor our emulator: one misconception is not to be shared by both sides of a test.

What it leaves out: retries while AWS is still founding an organization (FinalizingOrganizationException); the
state of a create or an update that failed halfway, which the bridge keeps; nested paths of `ignore_changes`
beyond what the engine itself makes of them.
"""
