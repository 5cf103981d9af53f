"""The provider as Pulumi starts it, and the engine's side of the protocol."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2
from google.protobuf.struct_pb2 import Struct
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2, provider_pb2_grpc, status_pb2

CHECKOUT = Path(__file__).parents[2]
PLUGIN = CHECKOUT / "render_provider/pulumi-resource-render"
SECONDS = 30.0


@dataclass
class Thing:
    """A resource in the engine's state, as the messages carry it."""

    kind: str
    id: str
    inputs: Struct
    outputs: Struct

    def __getitem__(self, name: str) -> Any:
        return plain(PropertyValue.unmarshal(self.outputs.fields[name]))

    @property
    def text(self) -> str:
        """All that a state file would hold."""
        return f"{self.inputs}{self.outputs}"


class HalfDone(Exception):  # noqa: N818 - the engine's word for it is an init error
    """The provider says: it exists, and this is wrong with it."""

    def __init__(self, thing: Thing, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.thing = thing


class Refused(Exception):  # noqa: N818 - as above
    """The provider says no."""


@dataclass
class Plugin:
    """One provider process, spoken to as the engine does."""

    stub: provider_pb2_grpc.ResourceProviderStub
    process: subprocess.Popen[str]
    said: list[tuple[bool, str]] = field(default_factory=list)
    """What it logged: (ephemeral, message)."""

    def check(self, kind: str, inputs: Mapping[str, Any], olds: Struct | None = None) -> Struct:
        """The checked inputs; fails on any mistake."""
        request = provider_pb2.CheckRequest(urn=urn(kind), olds=olds, news=struct(inputs), randomSeed=b"")
        answer = self.stub.Check(request, timeout=SECONDS)
        assert [(one.property, one.reason) for one in answer.failures] == []
        checked: Struct = answer.inputs
        return checked

    def create(self, kind: str, **inputs: Any) -> Thing:
        """Check and create."""
        checked = self.check(kind, inputs)
        request = provider_pb2.CreateRequest(urn=urn(kind), properties=checked)
        answer = self._call(kind, checked, lambda: self.stub.Create(request, timeout=120))
        return Thing(kind, answer.id, checked, answer.properties)

    def diff(self, thing: Thing, **inputs: Any) -> provider_pb2.DiffResponse:
        """What an update to these inputs would be."""
        request = provider_pb2.DiffRequest(
            urn=urn(thing.kind),
            id=thing.id,
            olds=thing.outputs,
            old_inputs=thing.inputs,
            news=self.check(thing.kind, inputs, thing.inputs),
        )
        answer: provider_pb2.DiffResponse = self.stub.Diff(request, timeout=SECONDS)
        return answer

    def update(self, thing: Thing, **inputs: Any) -> Thing:
        """Update to these inputs."""
        checked = self.check(thing.kind, inputs, thing.inputs)
        request = provider_pb2.UpdateRequest(
            urn=urn(thing.kind), id=thing.id, olds=thing.outputs, old_inputs=thing.inputs, news=checked
        )
        answer = self._call(thing.kind, checked, lambda: self.stub.Update(request, timeout=120))
        return Thing(thing.kind, thing.id, checked, answer.properties)

    def read(self, kind: str, key: str, thing: Thing | None = None) -> Thing | None:
        """Refresh a thing, or import one by its id; None when there is none."""
        request = provider_pb2.ReadRequest(urn=urn(kind), id=key)
        if thing:
            request.properties.CopyFrom(thing.outputs)
            request.inputs.CopyFrom(thing.inputs)
        answer = self._call(kind, Struct(), lambda: self.stub.Read(request, timeout=SECONDS))
        return Thing(kind, answer.id, answer.inputs, answer.properties) if answer.id else None

    def delete(self, thing: Thing) -> None:
        """Remove it."""
        request = provider_pb2.DeleteRequest(urn=urn(thing.kind), id=thing.id, properties=thing.outputs)
        self._call(thing.kind, Struct(), lambda: self.stub.Delete(request, timeout=SECONDS))

    def _call(self, kind: str, inputs: Struct, send: Any) -> Any:
        try:
            return send()
        except grpc.RpcError as error:
            details = {one.key: one.value for one in error.trailing_metadata() or ()}.get("grpc-status-details-bin")
            if details:
                failed = provider_pb2.ErrorResourceInitFailed()
                assert status_pb2.Status.FromString(details).details[0].Unpack(failed)
                thing = Thing(kind, failed.id, inputs, failed.properties)
                raise HalfDone(thing, list(failed.reasons)) from error
            raise Refused(error.details()) from error


class _Engine(engine_pb2_grpc.EngineServicer):
    """The engine's log."""

    def __init__(self) -> None:
        self.said: list[tuple[bool, str]] = []

    def Log(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: N802 - the protocol's name
        self.said.append((request.ephemeral, request.message))
        return empty_pb2.Empty()


@contextmanager
def plugin(environment: Mapping[str, str]) -> Iterator[Plugin]:
    """Start the provider as the engine does, and interrupt it at the end as the engine does."""
    engine, server = _Engine(), grpc.server(futures.ThreadPoolExecutor(4))
    engine_pb2_grpc.add_EngineServicer_to_server(engine, server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RENDER_")}
    process = subprocess.Popen(
        [str(PLUGIN), address],
        env={**clean, **environment},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    channel = grpc.insecure_channel(f"127.0.0.1:{int(process.stdout.readline())}")
    stub = provider_pb2_grpc.ResourceProviderStub(channel)
    try:
        stub.Configure(provider_pb2.ConfigureRequest(acceptSecrets=True), timeout=SECONDS)
        yield Plugin(stub, process, engine.said)
    finally:
        channel.close()
        process.send_signal(2)
        process.wait(SECONDS)
        process.stdout.close()
        server.stop(None)


def struct(values: Mapping[str, Any]) -> Struct:
    """Plain values as a message."""
    return PropertyValue.marshal_map({name: _value(value) for name, value in values.items()})


def _value(value: Any) -> PropertyValue:
    if isinstance(value, Mapping):
        return PropertyValue({name: _value(item) for name, item in value.items()})
    if isinstance(value, list):
        return PropertyValue([_value(item) for item in value])
    return PropertyValue(float(value) if type(value) is int else value)


def plain(value: PropertyValue) -> Any:
    """A message's value as plain Python."""
    inner = value.value
    if isinstance(inner, Mapping):
        return {name: plain(item) for name, item in inner.items()}
    if isinstance(inner, tuple):
        return [plain(item) for item in inner]
    return inner


def urn(kind: str) -> str:
    return f"urn:pulumi:staging::cams::render:index:{kind}::thing"
