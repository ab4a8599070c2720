# mypy: ignore-errors
# It reaches into the SDK, which has no types there.
"""Shows with Pulumi alone what an inline program meets whose engine has the port of one that is gone.

Run in a network of its own with few ports, all of which are tried before the second engine starts:

    unshare -rn sh -c 'ip link set lo up; echo "40000 40127" > /proc/sys/net/ipv4/ip_local_port_range
                       python address_taken_again.py'

It says UNAVAILABLE. With the argument `apart`, each run has connections of its own, and the second goes well.
With `late`, gRPC holds only the address that the program logs to for dead. Just before the SDK tells of the
failure, the program is given another connection to it, as if gRPC had tried again: the run ends well, and the
engine deletes everything.
"""

import contextlib
import sys
import tempfile

import grpc
import pulumi
from pulumi import automation
from pulumi.automation import _server
from pulumi.runtime import _grpc_settings, settings
from pulumi.runtime import stack as runtime

AN_HOUR, APART = 3_600_000, ("grpc.use_local_subchannel_pool", 1)
folder = tempfile.mkdtemp()
stack = automation.create_or_select_stack(
    stack_name="test",
    project_name="test",
    program=lambda: pulumi.ComponentResource("some:kind:OfThing", "thing"),
    opts=automation.LocalWorkspaceOptions(
        work_dir=folder,
        env_vars={"PULUMI_CONFIG_PASSPHRASE": "test", "PULUMI_SKIP_UPDATE_CHECK": "1"},
        project_settings=automation.ProjectSettings(
            name="test", runtime="python", backend=automation.ProjectBackend(url=f"file://{folder}")
        ),
    ),
)
stack.up()
options = _grpc_settings._GRPC_CHANNEL_OPTIONS
# gRPC tries an address again after a second. With an hour, it is certain that it doesn't before the program's
# first call, on any machine. The SDK's connections get it as well: gRPC shares what it knows among those that
# have the same address and options.
options += [(f"grpc.{which}_reconnect_backoff_ms", AN_HOUR) for which in ("initial", "min", "max")]
asked = [grpc.insecure_channel(f"127.0.0.1:{port}", options=options) for port in range(40000, 40128)]
for channel in asked:
    with contextlib.suppress(grpc.RpcError):
        channel.unary_unary("/nobody/answers")(b"")
if sys.argv[1:] == ["apart"]:
    options.append(APART)
if sys.argv[1:] == ["late"]:

    def reset_options(monitor_address, engine_address, **others):
        monitor, engine = (
            grpc.insecure_channel(at, options=[APART]) for at in (monitor_address, engine_address)
        )
        monitor = settings.resource_pb2_grpc.ResourceMonitorStub(monitor)
        settings.reset_options(monitor_address=monitor, engine_address=engine_address, **others)
        log = settings.engine_pb2_grpc.EngineStub(engine).Log

        async def shut_down(own=settings.SETTINGS.engine):
            own.Log = log

        runtime._shutdown_callbacks = shut_down

    _server.reset_options = reset_options
print(stack.up(on_output=print).summary.result)
