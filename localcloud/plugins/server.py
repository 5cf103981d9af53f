"""A stand-in plugin's tables as the plugin that the engine calls."""

from __future__ import annotations

from typing import Any

from localcloud.plugins.provider import Provider
from pulumi_plugin.differences import Difference
from pulumi_plugin.plugin import Call, Failures, Plugin
from pulumi_plugin.values import Values


class StandIn(Plugin):
    """Hands each call to the provider. What the engine knows already is not a killed run's left-over."""

    def __init__(self, provider: Provider[Any]) -> None:
        self.provider = provider
        self.name, self.version = provider.name, provider.version

    def check_config(self, news: Values) -> Failures:
        return self.provider.check_config(news)

    def configure(self, values: Values) -> None:
        self.provider.configure(values)

    def check(self, call: Call) -> tuple[Values, Failures]:
        return self.provider.check(call.type_, call.name, call.old_inputs, call.inputs, call.seed)

    def diff(self, call: Call) -> Difference:
        self.provider.seen(call.type_, call.id)
        return self.provider.diff(call.type_, call.old_inputs, call.inputs)

    def create(self, call: Call) -> tuple[str, Values]:
        return self.provider.create(call.type_, call.name, call.inputs, preview=call.preview)

    def read(self, call: Call) -> tuple[str, Values, Values] | None:
        self.provider.seen(call.type_, call.id)
        return self.provider.read(call.type_, call.id, call.state, call.inputs)

    def update(self, call: Call) -> Values:
        olds, news = call.old_inputs, call.inputs
        return self.provider.update(call.type_, call.id, olds, news, call.state, preview=call.preview)

    def delete(self, call: Call) -> None:
        self.provider.delete(call.type_, call.id, call.state)

    def invoke(self, function: str, args: Values) -> tuple[Values, Failures]:
        return self.provider.invoke(function, args)

    def warm_up(self) -> None:
        self.provider.warm_up()

    def explain(self, error: Exception) -> str:
        return self.provider.explain(error)
