# mypy: ignore-errors
# It reaches into the SDK, which has no types there.
"""Shows with Pulumi alone what an inline program meets whose engine has the port of one that is gone.

Run in a network of its own with few ports, all of which are asked in vain before the second engine starts:

    unshare -rn sh -c 'ip link set lo up; echo "40000 40127" > /proc/sys/net/ipv4/ip_local_port_range
                       python address_taken_again.py'

It says UNAVAILABLE. With the argument `apart`, each run has connections of its own, and the second goes well.
With `late`, gRPC holds only the address that the program logs to for dead, and tries it again just before the
SDK tells of the failure: the run ends well, and the engine deletes everything.
"""

import asyncio
import contextlib
import sys
import tempfile

import grpc
import pulumi
from pulumi import automation
from pulumi.runtime import _grpc_settings, settings
from pulumi.runtime import stack as runtime

folder = tempfile.mkdtemp()
stack = automation.create_or_select_stack(
    stack_name="test",
    project_name="test",
    program=lambda: pulumi.export("said", "hello"),
    opts=automation.LocalWorkspaceOptions(
        work_dir=folder,
        env_vars={"PULUMI_CONFIG_PASSPHRASE": "test", "PULUMI_SKIP_UPDATE_CHECK": "1"},
        project_settings=automation.ProjectSettings(
            name="test", runtime="python", backend=automation.ProjectBackend(url=f"file://{folder}")
        ),
    ),
)
stack.up()
shared = list(_grpc_settings._GRPC_CHANNEL_OPTIONS)
if sys.argv[1:] == ["apart"]:
    _grpc_settings._GRPC_CHANNEL_OPTIONS.append(("grpc.use_local_subchannel_pool", 1))
asked = [grpc.insecure_channel(f"127.0.0.1:{port}", options=shared) for port in range(40000, 40128)]
for channel in asked:
    with contextlib.suppress(grpc.RpcError):
        channel.unary_unary("/nobody/answers")(b"")
if sys.argv[1:] == ["late"]:
    monitor, shut_down = settings.resource_pb2_grpc.ResourceMonitorStub, runtime._shutdown_callbacks

    class Apart(monitor):
        """The resource monitor, over a connection of its own."""

        def __init__(self, channel):
            own = [*shared, ("grpc.use_local_subchannel_pool", 1)]
            super().__init__(grpc.insecure_channel(channel._channel.target().decode(), options=own))

    async def shut_down_late():
        await asyncio.sleep(5)
        await shut_down()

    settings.resource_pb2_grpc.ResourceMonitorStub = Apart
    runtime._shutdown_callbacks = shut_down_late
print(stack.up(on_output=print).summary.result)
