"""The stand-in plugins as the engine starts them: processes that speak its protocol."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import psutil
import pytest
from google.protobuf import empty_pb2, struct_pb2

from localcloud.plugins.bundle import VERSIONS, bundle
from pulumi_plugin import proto
from pulumi_plugin.wire import decode_map, encode_map
from tests.support.unheard import unheard
from tests.support.waiting import eventually

URN = "urn:pulumi:dev::cams::cams:index:Secrets$random:index/randomPassword:RandomPassword::one"
SECONDS = 20


@contextmanager
def plugin(executable: Path) -> Iterator[tuple[subprocess.Popen[str], Any]]:
    """A started plugin and a client of it."""
    process = subprocess.Popen([str(executable), "127.0.0.1:1"], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    port = int(process.stdout.readline())
    try:
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield process, proto.provider_grpc.ResourceProviderStub(channel)
    finally:
        process.kill()
        process.wait(SECONDS)


@pytest.fixture
def executables(tmp_path: Path) -> dict[str, Path]:
    """The bundle's executables by name."""
    return {name: folder / f"pulumi-resource-{name}" for name, _, folder in bundle(tmp_path)}


@pytest.mark.parametrize("name", sorted(VERSIONS))
def test_each_plugin_starts_and_says_its_version(executables: dict[str, Path], name: str) -> None:
    """The executable of the bundle needs nothing but this checkout's Python."""
    with plugin(executables[name]) as (_, stub):
        info = stub.GetPluginInfo(empty_pb2.Empty(), timeout=SECONDS)

    assert info.version == VERSIONS[name]


def test_a_password_through_the_protocol_is_made_marked_secret_and_stable(executables: dict[str, Path]) -> None:
    """Check, a preview that knows nothing, create, diff, read."""
    with plugin(executables["random"]) as (_, stub):
        news = encode_map({"length": 24, "special": False})
        checked = stub.Check(proto.provider.CheckRequest(urn=URN, news=news))
        preview = stub.Create(proto.provider.CreateRequest(urn=URN, properties=checked.inputs, preview=True))
        made = stub.Create(proto.provider.CreateRequest(urn=URN, properties=checked.inputs))
        request = proto.provider.DiffRequest(
            urn=URN, id=made.id, olds=made.properties, old_inputs=checked.inputs, news=checked.inputs
        )
        diff = stub.Diff(request)
        read = stub.Read(
            proto.provider.ReadRequest(urn=URN, id=made.id, properties=made.properties, inputs=checked.inputs)
        )

    marked = made.properties.fields["result"].struct_value.fields
    assert repr(decode_map(preview.properties)["result"]) == "<unknown>"
    assert set(marked) == {"4dabf18193072939515e22adb298388d", "value"}
    assert len(decode_map(made.properties)["result"]) == 24
    assert diff.changes == proto.provider.DiffResponse.DIFF_NONE
    assert decode_map(read.properties)["result"] == decode_map(made.properties)["result"]


def test_an_unknown_type_and_an_unknown_input_are_clear_errors(executables: dict[str, Path]) -> None:
    """Nothing is ignored: what the tables do not have is named."""
    with plugin(executables["random"]) as (_, stub):
        checked = stub.Check(proto.provider.CheckRequest(urn=URN, news=encode_map({"length": 9, "lenght": 8})))
        with pytest.raises(grpc.RpcError) as caught:
            stub.Check(proto.provider.CheckRequest(urn=URN.replace("Password", "Pet"), news=struct_pb2.Struct()))

    assert [(each.property, each.reason[:40]) for each in checked.failures] == [
        ("lenght", "this stand-in plugin does not support th")
    ]
    assert (caught.value.details() or "").startswith(
        "random:index/randomPet:RandomPet: the local stand-in for the plugin random"
    )


def test_an_asset_is_a_clear_error(executables: dict[str, Path]) -> None:
    """No plugin here takes files, and none takes one for something else."""
    asset = {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "text": "x"}
    with plugin(executables["random"]) as (_, stub), pytest.raises(grpc.RpcError) as caught:
        stub.Check(proto.provider.CheckRequest(urn=URN, news=encode_map({"length": asset})))

    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert caught.value.details() == "assets and archives are not supported by this plugin"


def test_a_plugin_ends_when_it_is_interrupted(executables: dict[str, Path]) -> None:
    """Quietly, with no traceback."""
    with plugin(executables["random"]) as (process, _):
        process.send_signal(signal.SIGINT)

        assert process.wait(SECONDS) == 0


def test_a_plugin_hears_a_signal_that_comes_when_it_does_not_look(executables: dict[str, Path]) -> None:
    """As one does that comes just before it goes to wait for signals: else the engine would wait for it for ever."""
    with plugin(executables["random"]) as (process, _):
        unheard(process.pid, signal.SIGTERM)

        assert process.wait(SECONDS) == 0


def test_a_plugin_does_not_outlive_an_engine_that_was_killed(executables: dict[str, Path]) -> None:
    """Its parent is gone, and within seconds so is it."""
    command = f"'{executables['random']}' engine & echo $! ; wait"
    engine = subprocess.Popen(["/bin/sh", "-c", command], stdout=subprocess.PIPE, text=True)
    assert engine.stdout
    child = int(engine.stdout.readline())
    engine.stdout.readline()  # its port: it serves

    engine.kill()
    engine.wait(SECONDS)
    eventually(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE)

    assert engine.stdout.read() == ""
