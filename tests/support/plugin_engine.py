"""Drives a stand-in plugin as Pulumi's engine does: every value through the protocol's messages, a state kept."""

from __future__ import annotations

from typing import Any

from localcloud.plugins.provider import Provider
from pulumi_plugin.differences import Difference
from pulumi_plugin.plugin import Call
from pulumi_plugin.values import Values
from pulumi_plugin.wire import decode_map, encode_map


def over_the_wire(values: Values) -> Values:
    """What the other side gets: no marks of secrecy, for the engine keeps them, and no None."""
    return decode_map(encode_map(values))


def call(type_: str, name: str = "thing", **values: Any) -> Call:
    """A call about the resource of that type and name."""
    return Call(f"urn:pulumi:dev::cams::{type_}::{name}", **values)


class Thing:
    """One resource in the engine's state."""

    def __init__(self, plugin: Provider[Any], type_: str, name: str = "thing") -> None:
        self.plugin, self.type_, self.name = plugin, type_, name
        self.id = ""
        self.inputs: Values = {}
        self.state: Values = {}
        self.marked: Values = {}  # the state as the plugin gave it, with its secrets marked

    def call(self, **values: Any) -> Call:
        """A call about it."""
        return call(self.type_, self.name, **values)

    def check(self, **news: Any) -> Values:
        """The inputs with their defaults; fails the test when the plugin finds anything wrong."""
        inputs = over_the_wire(news)
        inputs, failures = self.plugin.check(self.call(inputs=inputs, old_inputs=self.inputs, seed=b"seed"))
        assert failures == []
        return over_the_wire(inputs)

    def diff(self, **news: Any) -> Difference:
        """What an update to these inputs would do."""
        return self.plugin.diff(self.call(id=self.id, inputs=self.check(**news), old_inputs=self.inputs))

    def create(self, **news: Any) -> Thing:
        """Create it."""
        inputs = self.check(**news)
        self.id, self.marked = self.plugin.create(self.call(inputs=inputs))
        self.inputs, self.state = inputs, over_the_wire(self.marked)
        return self

    def update(self, **news: Any) -> None:
        """Update it."""
        inputs = self.check(**news)
        marked = self.plugin.update(self.call(id=self.id, inputs=inputs, old_inputs=self.inputs, state=self.state))
        self.inputs, self.marked, self.state = inputs, marked, over_the_wire(marked)

    def refresh(self) -> bool:
        """Read it; False when it is gone."""
        found = self.plugin.read(self.call(id=self.id, inputs=self.inputs, state=self.state))
        if found is None:
            return False
        self.id, self.marked, inputs = found
        self.state, self.inputs = over_the_wire(self.marked), over_the_wire(inputs)
        return True

    def delete(self) -> None:
        """Delete it."""
        self.plugin.delete(self.call(id=self.id, state=self.state))


def imported(plugin: Provider[Any], type_: str, resource_id: str) -> Thing:
    """What `pulumi import` finds."""
    thing = Thing(plugin, type_)
    thing.id = resource_id
    assert thing.refresh(), f"{resource_id} was not found"
    return thing
