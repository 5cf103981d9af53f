"""The engine's calls, written once for all resources of the stand-in plugins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar, Generic

from localcloud.plugins import schema as schemas
from localcloud.plugins import state as states
from localcloud.plugins.differences import difference
from localcloud.plugins.fields import Fields, object_problems
from localcloud.plugins.inputs import given, with_defaults, without_internal
from localcloud.plugins.resource import Cloud, Function, PluginError, Resource
from pulumi_plugin.differences import Difference
from pulumi_plugin.plugin import Call, Failures, HalfDoneError, Plugin
from pulumi_plugin.values import Secret, Values


class Provider(Plugin, Generic[Cloud]):
    """A plugin: what it can do and how it reaches its cloud."""

    config: ClassVar[Fields] = {}

    def __init__(self, resources: Iterable[Resource[Cloud]], functions: Iterable[Function[Cloud]] = ()) -> None:
        self.resources = {resource.type_: resource for resource in resources}
        self.functions = {function.name: function for function in functions}

    # What a plugin adds of its own.

    def configure(self, values: Values) -> None:
        """Take the provider's configuration, already decoded; refuse what must not be used."""

    def cloud(self, values: Values) -> Cloud:
        """How to reach the cloud for a resource of these inputs."""
        raise NotImplementedError

    def fill(self, resource: Resource[Cloud], inputs: Values) -> Values:
        """Inputs that the provider's configuration adds to a resource's own."""
        return inputs

    def refine(self, resource: Resource[Cloud], actual: Values, known: Values) -> Values:
        """What was read from the cloud, with what the provider's configuration says about it."""
        return actual

    def split_id(self, resource: Resource[Cloud], resource_id: str, known: Values) -> tuple[str, Values]:
        """An import's id may say more than the id; returns the id and inputs that lead to it."""
        return resource_id, known

    def engine_has(self, resource_id: str) -> None:
        """The engine's state holds that thing: no killed run has left it behind."""

    def is_lost(self, error: Exception) -> bool:
        """Whether nobody knows if the call was carried out, because its answer never came."""
        return False

    # The engine's calls.

    def schema(self) -> str:
        """What there is, for `pulumi import`."""
        return schemas.text(self.name, self.version, self.config, self.resources.values(), self.functions.values())

    def check_config(self, news: Values) -> Failures:
        """What is wrong with the provider's configuration."""
        ignored = {"version", "pluginDownloadURL", "pluginDownloadUrl", "__internal"}
        return list(object_problems(self.config, {key: news[key] for key in news if key not in ignored}))

    def check(self, call: Call) -> tuple[Values, Failures]:
        """The inputs with all defaults put in, and what is wrong with them."""
        resource = self._resource(call.type_)
        failures = list(object_problems(resource.fields, call.inputs))
        if failures:
            return given(resource, call.inputs), failures
        inputs = self.fill(resource, resource.complete(with_defaults(resource, call)))
        secret = {name: Secret(inputs[name]) for name in resource.secrets & inputs.keys()}
        return {**inputs, **secret}, list(resource.invalid(inputs).items())

    def diff(self, call: Call) -> Difference:
        """What would change."""
        self.engine_has(call.id)
        return difference(self._resource(call.type_), call.old_inputs, call.inputs)

    def create(self, call: Call) -> tuple[str, Values]:
        """Make it: its id and state. In a preview only what the inputs say is known."""
        resource, inputs = self._resource(call.type_), call.inputs
        if call.preview:
            return "", states.expected(resource, inputs, {})
        cloud = self.cloud(inputs)
        try:
            resource_id, told = resource.create(cloud, inputs)
        except Exception as error:
            if not self.is_lost(error):
                raise
            resource_id, told = resource.create(cloud, inputs)  # which looks first for what the lost call has made
        self.engine_has(resource_id)
        try:
            later = {key for key in resource.after_create if inputs.get(key) is not None}
            if later:
                resource.update(cloud, resource_id, inputs, later)
            return resource_id, self._state(resource, cloud, resource_id, inputs, told)
        except Exception as error:
            state = states.marked(resource, {**without_internal(inputs), **told})
            raise HalfDoneError(resource_id, state, self.explain(error), inputs) from error

    def read(self, call: Call) -> tuple[str, Values, Values] | None:
        """The id, state and inputs as they are now; None when it is gone. Without inputs it is an import."""
        self.engine_has(call.id)
        resource = self._resource(call.type_)
        known = call.inputs or {key: call.state[key] for key in call.state if key in resource.fields}
        resource_id, place = self.split_id(resource, call.id, known)
        actual = resource.read(self.cloud(place), resource_id, known)
        if actual is None:
            return None
        actual = self.refine(resource, states.completed(resource, actual, place), known)
        actual = states.spelt_as(resource, known, {**states.told_once(resource, call.state), **actual})
        inputs = states.inputs_of(resource, actual, known, importing=not call.inputs)
        return resource_id, states.marked(resource, {**actual, **states.local(resource, known)}), inputs

    def update(self, call: Call) -> Values:
        """Bring it into the wanted form: its new state.

        Everything is set when nothing seems to differ, because then the engine repeats an update that failed
        half-way.
        """
        resource, inputs = self._resource(call.type_), call.inputs
        if call.preview:
            return states.expected(resource, inputs, call.state)
        changed = set(difference(resource, call.old_inputs, inputs).kinds) or set(resource.fields)
        cloud = self.cloud(inputs)
        told = resource.update(cloud, call.id, inputs, changed) or {}
        return self._state(resource, cloud, call.id, inputs, {**states.told_once(resource, call.state), **told})

    def delete(self, call: Call) -> None:
        """Remove it."""
        self._resource(call.type_).delete(self.cloud(call.state), call.id, call.state)

    def invoke(self, function: str, args: Values) -> tuple[Values, Failures]:
        """Call a function."""
        known = self.functions.get(function)
        if known is None:
            raise PluginError(self._unsupported("function", function, self.functions))
        failures = list(object_problems(known.fields, args))
        return ({}, failures) if failures else (known.call(self.cloud(args), args), [])

    # How they are done.

    def _resource(self, type_: str) -> Resource[Cloud]:
        if type_ not in self.resources:
            raise PluginError(self._unsupported("resource", type_, self.resources))
        return self.resources[type_]

    def _unsupported(self, what: str, name: str, known: Mapping[str, object]) -> str:
        return (
            f"{name}: the local stand-in for the plugin {self.name} has no such {what} "
            f"(it has: {', '.join(sorted(known))})"
        )

    def _state(
        self, resource: Resource[Cloud], cloud: Cloud, resource_id: str, inputs: Values, told: Values
    ) -> Values:
        actual = resource.read(cloud, resource_id, inputs)
        if actual is None:
            raise PluginError(f"{resource.type_} {resource_id}: not found after it was made")
        actual = self.refine(resource, states.completed(resource, actual, inputs), inputs)
        actual = states.spelt_as(resource, inputs, {**told, **actual})
        return states.marked(resource, {**actual, **states.local(resource, inputs)})
