"""Drives the provider as the engine does: check, then diff, then the call; a stack's state is one dictionary."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pulumi_plugin.plugin import Call
from pulumi_plugin.values import has_secret, plain
from pulumi_plugin.wire import decode_marked, encode_map
from render_api.client import Client
from render_provider.provider.provider import RenderProvider
from render_provider.provider.task import Level
from tests.support.fake_render import Clock, FakeRender

OWNER = "tea-1"


@dataclass
class Kept:
    """A resource in the engine's state."""

    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    secrets: set[str]


@dataclass
class Driver:
    """One provider process and what it said."""

    render: FakeRender
    clock: Clock = field(default_factory=Clock)
    said: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        client = Client("rnd_canary", host="https://render.test/v1", session=self.render, clock=self.clock)  # type: ignore[arg-type] # a session by shape
        self.provider = RenderProvider(self._hear, client=client, owner_id=OWNER)

    def _hear(self, urn: str, level: Level, message: str) -> None:
        self.said.append((level.value, message))

    def check(self, kind: str, inputs: dict[str, Any], before: dict[str, Any] | None = None) -> dict[str, str]:
        """The failures, by property."""
        _, failures = self.provider.check(Call(urn(kind), **asked(inputs), old_inputs=before or {}))
        return dict(failures)

    def create(self, kind: str, *, logical: str = "r", **inputs: Any) -> Kept:
        """Check and create."""
        checked, failures = self.provider.check(Call(urn(kind, logical), **asked(inputs)))
        assert not failures, failures
        key, state = self.provider.create(Call(urn(kind, logical), **asked(checked)))
        return Kept(key, inputs, arrived(state), secret_names(state))

    def preview(self, kind: str, **inputs: Any) -> dict[str, Any]:
        """What a preview of a create shows."""
        _, state = self.provider.create(Call(urn(kind), **asked(inputs), preview=True))
        return arrived(state)

    def diff(self, kind: str, kept: Kept, **inputs: Any) -> Diff:
        """Against the inputs of the last run."""
        call = Call(urn(kind), kept.id, **asked(inputs), state=arrived(kept.outputs), old_inputs=arrived(kept.inputs))
        found = self.provider.diff(call)
        delete_first = bool(found.replaces) and found.delete_first
        return Diff(bool(found.kinds), list(found.kinds), found.replaces, delete_first)

    def update(self, kind: str, kept: Kept, *, preview: bool = False, **inputs: Any) -> Kept:
        """Bring it to these inputs."""
        known: dict[str, Any] = {"state": arrived(kept.outputs), "old_inputs": arrived(kept.inputs)}
        state = self.provider.update(Call(urn(kind), kept.id, **asked(inputs), **known, preview=preview))
        return Kept(kept.id, inputs, arrived(state), secret_names(state))

    def refresh(self, kind: str, kept: Kept) -> Kept | None:
        """Read it again; None when it is gone."""
        return self._read(kind, kept.id, kept.outputs, kept.inputs)

    def adopt(self, kind: str, key: str) -> Kept | None:
        """`pulumi import`."""
        return self._read(kind, key, {}, {})

    def delete(self, kind: str, kept: Kept) -> None:
        """Remove it."""
        self.provider.delete(Call(urn(kind), kept.id, state=arrived(kept.outputs)))

    def _read(self, kind: str, key: str, outputs: dict[str, Any], inputs: dict[str, Any]) -> Kept | None:
        call = Call(urn(kind), key, **asked(inputs), state=arrived(outputs), old_inputs=arrived(inputs))
        found = self.provider.read(call)
        if found is None:
            return None
        key, state, inputs = found
        return Kept(key, arrived(inputs), arrived(state), secret_names(state) | secret_names(inputs))


@dataclass(frozen=True)
class Diff:
    """What the engine is told."""

    changes: bool
    diffs: list[str]
    replaces: list[str]
    delete_before_replace: bool


def asked(inputs: dict[str, Any]) -> dict[str, Any]:
    """Inputs as they arrive at the provider: over the wire, with and without their marks."""
    marked = decode_marked(encode_map(inputs))
    return {"inputs": plain(marked), "marked": marked}


def arrived(values: dict[str, Any]) -> dict[str, Any]:
    """What the engine makes of an answer."""
    return asked(values)["inputs"]  # type: ignore[no-any-return] # plain values


def secret_names(values: dict[str, Any]) -> set[str]:
    """The properties that the provider marked secret."""
    return {name for name, value in values.items() if has_secret(value)}


def urn(kind: str, name: str = "r") -> str:
    return f"urn:pulumi:staging::cams::render:index:{kind}::{name}"
