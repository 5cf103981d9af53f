"""Check, diff, create, read, update, delete and invoke, written once for all tables of operations."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Generic

from localcloud.plugins.differences import difference
from localcloud.plugins.fields import Fields, as_text, object_problems, same
from localcloud.plugins.resource import Cloud, Function, PluginError, Resource
from pulumi_plugin.differences import Difference
from pulumi_plugin.plugin import Failures, HalfDoneError
from pulumi_plugin.values import UNKNOWN, Secret, Values, has_unknown

_DEFAULTS = "__defaults"


class Provider(Generic[Cloud]):
    """A plugin: its tables and how it reaches its cloud. Values are plain here."""

    name: ClassVar[str]
    version: ClassVar[str]
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

    def refine(self, resource: Resource[Cloud], found: Values, known: Values) -> Values:
        """What was read from the cloud, with what the provider's configuration says about it."""
        return found

    def seen(self, type_: str, resource_id: str) -> None:
        """The engine's state holds that thing: it is nobody's left-over."""

    def warm_up(self) -> None:
        """Prepare for work while the engine is busy with other things."""

    # The operations.

    def check_config(self, news: Values) -> Failures:
        """What is wrong with the provider's configuration."""
        ignored = {"version", "pluginDownloadURL", "pluginDownloadUrl", "__internal"}
        given = {key: value for key, value in news.items() if key not in ignored}
        return list(object_problems(self.config, given))

    def check(self, type_: str, name: str, olds: Values, news: Values, seed: bytes = b"") -> tuple[Values, Failures]:
        """The inputs with all defaults put in, and what is wrong with them."""
        resource = self._resource(type_)
        failures = list(object_problems(resource.fields, news))
        inputs = {key: value for key, value in news.items() if key in resource.fields and value is not None}
        if failures:
            return inputs, failures
        inputs = {key: as_text(resource.fields[key], value) for key, value in inputs.items()}
        inputs = self.fill(resource, resource.complete(self._with_defaults(resource, name, olds, inputs, seed)))
        failures = list(resource.invalid(inputs).items())
        for key, value in inputs.items():
            if key in resource.fields and resource.fields[key].secret:
                inputs[key] = Secret(value)
        return inputs, failures

    def diff(self, type_: str, old_inputs: Values, news: Values) -> Difference:
        """What would change."""
        return difference(self._resource(type_).fields, old_inputs, news)

    def create(self, type_: str, name: str, inputs: Values, *, preview: bool) -> tuple[str, Values]:
        """Make it: its id and state. In a preview only what the inputs say is known."""
        resource = self._resource(type_)
        if preview:
            return "", self._expected(resource, inputs)
        cloud = self.cloud(inputs)
        try:
            resource_id, told = resource.create(cloud, inputs)
        except Exception as error:
            if not self.is_lost(error):
                raise
            resource_id, told = resource.create(cloud, inputs)  # which looks first for what the lost call has made
        self.seen(type_, resource_id)
        try:
            late = {key for key in resource.late if inputs.get(key) is not None}
            if late:
                resource.update(cloud, resource_id, inputs, late)
            return resource_id, self._state(resource, cloud, resource_id, inputs, told)
        except Exception as error:
            known = {key: value for key, value in inputs.items() if not key.startswith("__")}
            state = self._marked(resource, {**known, **told})
            raise HalfDoneError(resource_id, state, self.explain(error), inputs) from error

    def read(self, type_: str, resource_id: str, state: Values, inputs: Values) -> tuple[str, Values, Values] | None:
        """The id, state and inputs as they are now; None when it is gone. Without inputs it is an import."""
        resource = self._resource(type_)
        known = inputs or {key: state[key] for key in state if key in resource.fields}
        resource_id, place = self.split_id(resource, resource_id, known)
        found = resource.read(self.cloud(place), resource_id, known)
        if found is None:
            return None
        found = self.refine(resource, {**_given(resource, place, found), **found}, known)
        settled = self._settle(resource, {**_kept(resource, state), **found}, known)
        current = self._inputs(resource, settled, known, importing=not inputs)
        return resource_id, self._marked(resource, {**settled, **_local(resource, known)}), current

    def split_id(self, resource: Resource[Cloud], resource_id: str, known: Values) -> tuple[str, Values]:
        """An import's id may say more than the id; returns the id and inputs that lead to it."""
        return resource_id, known

    def update(
        self, type_: str, resource_id: str, old_inputs: Values, news: Values, state: Values, *, preview: bool
    ) -> Values:
        """Bring it into the wanted form: its new state.

        Everything is set when nothing seems to differ, because then the engine repeats an update that failed
        half-way.
        """
        resource = self._resource(type_)
        changed = set(difference(resource.fields, old_inputs, news).kinds) or set(resource.fields)
        if preview:
            return self._expected(resource, news, state)
        cloud = self.cloud(news)
        told = resource.update(cloud, resource_id, news, changed) or {}
        return self._state(resource, cloud, resource_id, news, {**_kept(resource, state), **told})

    def delete(self, type_: str, resource_id: str, state: Values) -> None:
        """Remove it."""
        resource = self._resource(type_)
        resource.delete(self.cloud(state), resource_id, state)

    def invoke(self, function: str, args: Values) -> tuple[Values, Failures]:
        """Call a function."""
        known = self.functions.get(function)
        if known is None:
            raise PluginError(self._unsupported("function", function, self.functions))
        failures = list(object_problems(known.fields, args))
        return ({}, failures) if failures else (known.call(self.cloud(args), args), [])

    def is_lost(self, error: Exception) -> bool:
        """Whether nobody knows if the call was carried out, because its answer never came."""
        return False

    def explain(self, error: Exception) -> str:
        """An error as one clear line."""
        return str(error) or type(error).__name__

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

    def _with_defaults(
        self, resource: Resource[Cloud], name: str, olds: Values, inputs: Values, seed: bytes
    ) -> Values:
        filled = dict(inputs)
        made_up = []
        for key, field in resource.fields.items():
            if key in filled:
                continue
            if field.autoname:
                kept = olds.get(key) if key in (olds.get(_DEFAULTS) or []) else None
                filled[key] = kept or _physical_name(name, field.autoname, seed + key.encode())
            elif field.default is not None:
                filled[key] = field.default
            else:
                continue
            made_up.append(key)
        return {**filled, _DEFAULTS: sorted(made_up)}

    def _expected(self, resource: Resource[Cloud], inputs: Values, state: Values | None = None) -> Values:
        """A preview's state: the inputs, and the unknown for what the cloud will say."""
        old = state or {}
        expected = {key: value for key, value in inputs.items() if not key.startswith("__")}
        for key, field in resource.fields.items():
            if field.computed and key not in expected:
                expected[key] = old.get(key, UNKNOWN)
        for key in resource.outputs:
            expected[key] = UNKNOWN if key in resource.moving else old.get(key, UNKNOWN)
        return self._marked(resource, expected)

    def _state(
        self, resource: Resource[Cloud], cloud: Cloud, resource_id: str, inputs: Values, told: Values
    ) -> Values:
        found = resource.read(cloud, resource_id, inputs)
        if found is None:
            raise PluginError(f"{resource.type_} {resource_id}: not found after it was made")
        found = self.refine(resource, {**_given(resource, inputs, found), **found}, inputs)
        settled = self._settle(resource, {**told, **found}, inputs)
        return self._marked(resource, {**settled, **_local(resource, inputs)})

    def _settle(self, resource: Resource[Cloud], found: Values, known: Values) -> Values:
        """Prefer the program's way of writing a value when the cloud's means the same."""
        settled = dict(found)
        for key, field in resource.fields.items():
            if key in known and key in found and same(field, known[key], found[key]):
                settled[key] = known[key]
        return settled

    def _inputs(self, resource: Resource[Cloud], found: Values, known: Values, *, importing: bool) -> Values:
        """What a program would have to say to get what is there."""
        inputs: Values = {key: known[key] for key in known if key.startswith("__")}
        for key, field in resource.fields.items():
            value = known.get(key, field.default) if field.local else found.get(key)
            wanted = key in known or not (same(field, None, value) or (field.computed and not importing))
            if value is not None and (wanted or field.required or field.default is not None or field.autoname):
                inputs[key] = Secret(value) if field.secret else value
        return inputs

    def _marked(self, resource: Resource[Cloud], state: Values) -> Values:
        secret = resource.secrets | {key for key, field in resource.fields.items() if field.secret}
        return {
            key: Secret(value) if key in secret and value is not None and not has_unknown(value) else value
            for key, value in state.items()
        }


def _given(resource: Resource[Any], inputs: Values, found: Values) -> Values:
    """Inputs that nothing can be read back of are what the program gave."""
    return {key: inputs[key] for key in resource.fields if key in inputs and key not in found}


def _kept(resource: Resource[Any], state: Values) -> Values:
    """What the cloud tells only once lives on in the state."""
    return {key: state[key] for key in resource.told_once if key in state}


def _local(resource: Resource[Any], inputs: Values) -> Values:
    return {key: inputs[key] for key, field in resource.fields.items() if field.local and key in inputs}


def _physical_name(name: str, longest: int, seed: bytes) -> str:
    random = hashlib.sha256(seed).hexdigest() if seed else secrets.token_hex(4)
    return f"{name[: longest - 8]}-{random[:7]}"
