"""Pulumi on one side, Render on the other: the engine's calls, written once for all resources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import grpc

from pulumi_plugin.differences import Difference, DiffKind
from pulumi_plugin.plugin import Call, Failures, HalfDoneError, Plugin
from pulumi_plugin.values import UNKNOWN, Values, has_secret, has_unknown, mark
from render_api.client import Client
from render_api.errors import NotFound, RenderError, StoppedError, UnknownOutcomeError
from render_provider.provider import VERSION, plan
from render_provider.provider.connection import Connection, TellEngine
from render_provider.provider.creation import Creations
from render_provider.provider.presence import Presence, refuse_loss
from render_provider.provider.resource import Actual, Change, Resource
from render_provider.provider.resources import FUNCTIONS, RESOURCES
from render_provider.provider.task import Task

SCHEMA = Path(__file__).with_name("schema.json")
CODES = (
    (StoppedError, grpc.StatusCode.CANCELLED),
    (NotFound, grpc.StatusCode.NOT_FOUND),
    (UnknownOutcomeError, grpc.StatusCode.UNKNOWN),
    (RenderError, grpc.StatusCode.FAILED_PRECONDITION),
)


class RenderProvider(Plugin):
    """Check, diff, create, read, update, delete and the functions."""

    name = "render"
    version = VERSION

    def __init__(self, tell: TellEngine, *, client: Client | None = None, owner_id: str = "") -> None:
        self._connection = Connection(tell, client, owner_id)
        self._presence = Presence()
        self._creations = Creations()

    def configure(self, values: Values) -> None:
        """The program's configuration first, then the environment."""
        self._connection.configure(values)

    def schema(self) -> str:
        """What there is, for code generation and documentation: generated, as programs' side is."""
        return SCHEMA.read_text(encoding="utf-8")

    def check(self, call: Call) -> tuple[Values, Failures]:
        """All mistakes at once; secrets are marked here, before the engine stores anything."""
        resource = _resource(call.type_)
        if call.old_inputs and self._connection.is_configured:
            self._presence.begin(self._connection.check_task(""))
        failures = plan.mistakes(resource, call.inputs)
        if not failures:
            failures = resource.check(self._connection.check_task(call.urn), call.inputs, call.old_inputs)
        return mark(call.marked, resource.secrets), list(failures.items())

    def diff(self, call: Call) -> Difference:
        """Old inputs against new ones; drift gets in by refresh, which rewrites the old inputs.

        What was removed at Render is replaced: only so do those that name it get its new id in the same run.
        """
        resource = _resource(call.type_)
        if self._gone(resource, call):
            gone = {"id": DiffKind.UPDATE}
            return Difference.of(gone, gone, delete_first=resource.delete_first, outputs=frozenset(gone))
        changes = plan.differences(resource, _inputs_of(resource, call.old_inputs), call.inputs)
        stale = resource.stale(call.state)
        fixed = self._to_replace(resource, call, resource.replace_on & changes.keys())
        renamed = resource.renamed_beside and "name" in changes
        delete_first = resource.delete_first and not renamed
        changes |= dict.fromkeys(stale, DiffKind.UPDATE)
        return Difference.of(changes, fixed, delete_first=delete_first, outputs=stale)

    def create(self, call: Call) -> tuple[str, Values]:
        """Make it, or keep the one that an interrupted run made."""
        resource, asked = _resource(call.type_), call.inputs
        secrets = _secrets(resource, call)
        known = {**asked, **_revision(resource, asked)}
        if call.preview:
            return "", mark({**known, **dict.fromkeys(resource.outputs.names(), UNKNOWN)}, secrets)
        task = self._connection.task(call.urn, call.timeout)
        want = resource.inputs.model_validate(asked)
        key, is_kept = self._creations.create(call.urn, task, resource, want)
        try:
            if is_kept:
                _converge(task, resource, key, want, {})
            resource.settle(task, key, want)
            actual = resource.read(task, key, asked)
        except Exception as error:
            raise HalfDoneError(key, mark(known, secrets), _text(error)) from error
        return key, mark({**asked, **actual.outputs, **_revision(resource, asked)}, secrets)

    def read(self, call: Call) -> tuple[str, Values, Values] | None:
        """Refresh what we manage; without inputs it is an import, which takes over all that Render tells."""
        resource, before = _resource(call.type_), call.old_inputs
        task = self._connection.task(call.urn)
        try:
            actual = resource.read(task, call.id, {**call.state, **before})
        except NotFound:
            if before:
                refuse_loss(resource, call, unless_accepted=True)
            return None
        for name, (declared, present) in plan.left(resource, before, actual.inputs).items():
            task.note(f"{name} is {present} at Render and {declared} in the program: left as it is")
        inputs = plan.drifted(resource, before, actual.inputs) if before else _worth_importing(actual)
        outputs = {**inputs, **actual.outputs, **_revision(resource, inputs, inputs, call.state.get("revision"))}
        secrets = _secrets(resource, call)
        return call.id, mark(outputs, secrets), mark(inputs, secrets)

    def update(self, call: Call) -> Values:
        """Bring Render to what is asked, from wherever it stands."""
        resource, asked, olds = _resource(call.type_), call.inputs, call.state
        before = _inputs_of(resource, call.old_inputs)
        secrets = _secrets(resource, call)
        last = _revision(resource, asked, before, olds.get("revision"))
        if call.preview:
            names = resource.outputs.names()
            outputs = {name: UNKNOWN if name in resource.volatile else olds.get(name) for name in names}
            return mark({**asked, **outputs, **last}, secrets)
        task = self._connection.task(call.urn, call.timeout)
        want = resource.inputs.model_validate(plan.complete(resource, before, asked))
        try:
            _converge(task, resource, call.id, want, {**olds, **before})
        except NotFound as gone:
            again = "run the same command again: it makes anew what was removed"
            raise RenderError(gone.what, f"removed at Render while this ran ({gone.why})", hint=again) from gone
        resource.settle(task, call.id, want)
        actual = resource.read(task, call.id, {**olds, **asked})
        return mark({**asked, **actual.outputs, **last}, secrets)

    def delete(self, call: Call) -> None:
        """Remove it; what is gone already is a success."""
        resource = _resource(call.type_)
        resource.delete(self._connection.task(call.urn, call.timeout), call.id, call.state)
        self._creations.forget(resource, call.id)

    def invoke(self, function: str, args: Values) -> tuple[Values, Failures]:
        """The functions."""
        if function not in FUNCTIONS:
            raise RenderError("render", f"no function {function}; there is {', '.join(sorted(FUNCTIONS))}")
        return FUNCTIONS[function].call(self._connection.task(""), args), []

    def cancel(self) -> None:
        """End every wait."""
        self._connection.stop()

    def explain(self, error: Exception) -> str:
        """Ours as they are; a bug of ours whole."""
        if isinstance(error, UnknownOutcomeError):
            return f"{error}; then take it over with `pulumi import`"
        if isinstance(error, RenderError):
            return str(error)
        return self.bug(error)

    def code(self, error: Exception) -> grpc.StatusCode:
        """Known to have changed nothing more, or not."""
        return next((code for kind, code in CODES if isinstance(error, kind)), grpc.StatusCode.INTERNAL)

    def _gone(self, resource: Resource[Any], call: Call) -> bool:
        task = self._connection.task(call.urn)
        if not self._presence.gone(resource, task, call):
            return False
        refuse_loss(resource, call, unless_accepted=False)
        task.warn(f"{call.id} is gone at Render: making it anew")
        return True

    def _to_replace(self, resource: Resource[Any], call: Call, names: frozenset[str]) -> frozenset[str]:
        """Those in which Render differs too: a version upgraded there and declared afterwards needs nothing."""
        if not names or any(has_unknown(call.inputs.get(name)) for name in names):
            return names
        try:
            actual = resource.read(self._connection.task(call.urn), call.id, {**call.state, **call.old_inputs}).inputs
        except NotFound:
            return names
        return frozenset(name for name in names if not resource.same(name, actual.get(name), call.inputs.get(name)))


def _resource(type_: str) -> Resource[Any]:
    if type_ not in RESOURCES:
        raise RenderError("render", f"no resource {type_}; there is {', '.join(sorted(RESOURCES))}")
    return RESOURCES[type_]


def _converge(task: Task, resource: Resource[Any], key: str, want: Any, before: Values) -> None:
    given = want.given()
    actual = resource.read(task, key, {**before, **given}).inputs
    changed = plan.to_change(resource, actual, before, given)
    resource.update(task, key, want, Change(changed, before, actual))


def _secrets(resource: Resource[Any], call: Call) -> set[str]:
    """The properties that are secret by nature, and those that the program itself made so."""
    return {*resource.secrets, *(name for name, value in call.marked.items() if has_secret(value)), "revision"}


def _inputs_of(resource: Resource[Any], values: Values) -> Values:
    """The inputs among a state's values."""
    names = resource.inputs.names()
    return {name: value for name, value in values.items() if name in names and value is not None}


def _worth_importing(actual: Actual) -> Values:
    return {name: value for name, value in actual.inputs.items() if value is not None and value != ""}


def _revision(resource: Resource[Any], asked: Values, before: Values | None = None, last: Any = None) -> Values:
    return {"revision": plan.revision(resource, asked, before, last)} if resource.release else {}


def _text(error: Exception) -> str:
    return str(error) if isinstance(error, RenderError) else f"{type(error).__name__}: {error}"
