"""Drives the provider as the engine does: check, then diff, then the call; a stack's state is one dictionary."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from pulumi.provider.experimental import provider as sdk

from render_api.client import Client
from render_provider.provider.provider import DiffRequest, RenderProvider, UpdateRequest
from render_provider.provider.task import Level
from render_provider.provider.values import secret_names, to_properties, to_pulumi, to_python
from tests.unit.render_provider.fake_render import Clock, FakeRender

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
        news, olds = to_properties(inputs, ()), to_properties(before or {}, ())
        answer = asyncio.run(self.provider.check(sdk.CheckRequest(urn(kind), olds, news, b"")))
        return {failure.property: failure.reason for failure in answer.failures or []}

    def create(self, kind: str, *, logical: str = "r", **inputs: Any) -> Kept:
        """Check and create."""
        news = to_properties(inputs, ())
        checked = asyncio.run(self.provider.check(sdk.CheckRequest(urn(kind, logical), {}, news, b"")))
        assert not checked.failures, [(one.property, one.reason) for one in checked.failures or []]
        assert checked.inputs is not None
        request = sdk.CreateRequest(urn(kind, logical), checked.inputs, timeout=0, preview=False)
        made = asyncio.run(self.provider.create(request))
        return Kept(str(made.resource_id), inputs, to_python(made.properties), secret_names(made.properties))

    def preview(self, kind: str, **inputs: Any) -> dict[str, Any]:
        """What a preview of a create shows."""
        news = {name: to_pulumi(value) for name, value in inputs.items()}
        made = asyncio.run(self.provider.create(sdk.CreateRequest(urn(kind), news, timeout=0, preview=True)))
        return to_python(made.properties)

    def diff(self, kind: str, kept: Kept, **inputs: Any) -> sdk.DiffResponse:
        """Against the inputs of the last run."""
        request = DiffRequest(urn(kind), kept.id, to_properties(kept.outputs, ()), to_properties(inputs, ()), [])
        request.old_inputs = to_properties(kept.inputs, ())
        return asyncio.run(self.provider.diff(request))

    def update(self, kind: str, kept: Kept, *, preview: bool = False, **inputs: Any) -> Kept:
        """Bring it to these inputs."""
        olds, news = to_properties(kept.outputs, ()), to_properties(inputs, ())
        request = UpdateRequest(urn(kind), kept.id, olds, news, timeout=0, ignore_changes=[], preview=preview)
        request.old_inputs = to_properties(kept.inputs, ())
        done = asyncio.run(self.provider.update(request))
        return Kept(kept.id, inputs, to_python(done.properties), secret_names(done.properties))

    def refresh(self, kind: str, kept: Kept) -> Kept | None:
        """Read it again; None when it is gone."""
        outputs, inputs = to_properties(kept.outputs, ()), to_properties(kept.inputs, ())
        return self._read(kind, kept.id, outputs, inputs)

    def adopt(self, kind: str, key: str) -> Kept | None:
        """`pulumi import`."""
        return self._read(kind, key, {}, {})

    def delete(self, kind: str, kept: Kept) -> None:
        """Remove it."""
        request = sdk.DeleteRequest(urn(kind), kept.id, to_properties(kept.outputs, ()), timeout=0)
        asyncio.run(self.provider.delete(request))

    def _read(self, kind: str, key: str, outputs: Any, inputs: Any) -> Kept | None:
        found = asyncio.run(self.provider.read(sdk.ReadRequest(urn(kind), key, outputs, inputs)))
        if not found.resource_id:
            return None
        secrets = secret_names(found.properties) | secret_names(found.inputs)
        return Kept(found.resource_id, to_python(found.inputs), to_python(found.properties), secrets)


def urn(kind: str, name: str = "r") -> str:
    return f"urn:pulumi:staging::cams::render:index:{kind}::{name}"
