"""Pulumi on one side, Render on the other: the engine's calls, written once for all resources."""

from __future__ import annotations

import os
import threading
import traceback
from collections.abc import Callable, Collection
from typing import Any

import grpc

from pulumi_plugin.plugin import Call, Difference, Failures, HalfDoneError, Plugin
from pulumi_plugin.values import UNKNOWN, Secret, has_secret, has_unknown, plain
from render_api.client import HOST, Client
from render_api.clock import SystemClock
from render_api.errors import NotFound, RenderError, StoppedError, UnknownOutcomeError
from render_provider.provider import VERSION, plan, schema
from render_provider.provider.presence import Presence, refuse_loss
from render_provider.provider.resource import Change, Found, Resource, Values
from render_provider.provider.resources import FUNCTIONS, RESOURCES
from render_provider.provider.task import Level, Task

SENDS = 3  # how often a create is sent whose answer keeps getting lost

Told = Callable[[str, Level, str], None]
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

    def __init__(self, tell: Told, *, client: Client | None = None, owner_id: str = "") -> None:
        self._tell = tell
        self._clock = SystemClock()
        self._client = client
        self._owner_id = owner_id
        self._presence = Presence()
        self._lock = threading.Lock()
        self._ours: dict[tuple[str, str], str] = {}  # what this run made or kept: id → URN

    def configure(self, values: Values) -> None:
        """The program's configuration first, then the environment."""

        def setting(name: str, variable: str) -> str:
            return str(values.get(name) or os.environ.get(variable) or "")

        self._owner_id = setting("ownerId", "RENDER_OWNER_ID")
        key, host = setting("apiKey", "RENDER_API_KEY"), setting("host", "RENDER_HOST") or HOST
        self._client = Client(key, host=host, clock=self._clock) if key else None

    def schema(self) -> str:
        """What there is, for code generation and documentation."""
        return schema.document(VERSION, RESOURCES)

    def check(self, call: Call) -> tuple[Values, Failures]:
        """All mistakes at once; secrets are marked here, before the engine stores anything."""
        resource = _resource(call.type_)
        if call.old_inputs and self._client and self._owner_id:
            self._presence.begin(self._silent(""))
        failures = plan.mistakes(resource, call.inputs)
        if not failures:
            failures = resource.check(self._silent(call.urn), call.inputs, call.old_inputs)
        return _marked(call.marked, resource.secrets), list(failures.items())

    def diff(self, call: Call) -> Difference:
        """Old inputs against new ones; drift gets in by refresh, which rewrites the old inputs.

        What was removed at Render is replaced: only so do those that name it get its new id in the same run.
        """
        resource = _resource(call.type_)
        if self._gone(resource, call):
            return Difference({"id": "UPDATE_REPLACE"}, resource.delete_first, outputs=frozenset({"id"}))
        found = plan.differences(resource, _inputs_of(resource, call.old_inputs), call.inputs)
        stale = resource.stale(call.state)
        fixed = self._to_replace(resource, call, resource.replace_on & found.keys())
        kinds = {name: kind.value + ("_REPLACE" if name in fixed else "") for name, kind in found.items()}
        kinds |= dict.fromkeys(stale, plan.Kind.UPDATE.value)
        renamed = resource.renamed_beside and "name" in found
        return Difference(kinds, delete_first=resource.delete_first and not renamed, outputs=stale)

    def create(self, call: Call) -> tuple[str, Values]:
        """Make it, or keep the one that an interrupted run made."""
        resource, asked = _resource(call.type_), call.inputs
        secrets = _secrets(resource, call)
        known = {**asked, **_revision(resource, asked)}
        if call.preview:
            return "", _marked({**known, **dict.fromkeys(resource.outputs, UNKNOWN)}, secrets)
        task = self._task(call.urn, call.timeout)
        want = resource.inputs.model_validate(asked)
        key, kept = self._make(call.urn, task, resource, want)
        try:
            if kept:
                self._converge(task, resource, key, want, {})
            resource.settle(task, key, want)
            found = resource.read(task, key, asked)
        except Exception as error:
            raise HalfDoneError(key, _marked(known, secrets), _text(error)) from error
        return key, _marked({**asked, **found.outputs, **_revision(resource, asked)}, secrets)

    def read(self, call: Call) -> tuple[str, Values, Values] | None:
        """Refresh what we manage; without inputs it is an import, which takes over all that Render tells."""
        resource, before = _resource(call.type_), call.old_inputs
        task = self._task(call.urn)
        try:
            found = resource.read(task, call.id, {**call.state, **before})
        except NotFound:
            if before:
                refuse_loss(resource, call, unless_accepted=True)
            return None
        for name, (declared, actual) in plan.left(resource, before, found.inputs).items():
            task.note(f"{name} is {actual} at Render and {declared} in the program: left as it is")
        inputs = plan.drifted(resource, before, found.inputs) if before else _worth_importing(found)
        outputs = {**inputs, **found.outputs, **_revision(resource, inputs, inputs, call.state.get("revision"))}
        secrets = _secrets(resource, call)
        return call.id, _marked(outputs, secrets), _marked(inputs, secrets)

    def update(self, call: Call) -> Values:
        """Bring Render to what is asked, from wherever it stands."""
        resource, asked, olds = _resource(call.type_), call.inputs, call.state
        before = _inputs_of(resource, call.old_inputs)
        secrets = _secrets(resource, call)
        last = _revision(resource, asked, before, olds.get("revision"))
        if call.preview:
            kept = {name: UNKNOWN if name in resource.volatile else olds.get(name) for name in resource.outputs}
            return _marked({**asked, **kept, **last}, secrets)
        task = self._task(call.urn, call.timeout)
        want = resource.inputs.model_validate(plan.complete(resource, before, asked))
        try:
            self._converge(task, resource, call.id, want, {**olds, **before})
        except NotFound as gone:
            again = "run the same command again: it makes anew what was removed"
            raise RenderError(gone.what, f"removed at Render while this ran ({gone.why})", hint=again) from gone
        resource.settle(task, call.id, want)
        found = resource.read(task, call.id, {**olds, **asked})
        return _marked({**asked, **found.outputs, **last}, secrets)

    def delete(self, call: Call) -> None:
        """Remove it; what is gone already is a success."""
        resource = _resource(call.type_)
        resource.delete(self._task(call.urn, call.timeout), call.id, call.state)
        with self._lock:
            self._ours.pop((resource.type_, call.id), None)

    def invoke(self, function: str, args: Values) -> tuple[Values, Failures]:
        """The functions."""
        if function not in FUNCTIONS:
            raise RenderError("render", f"no function {function}; there is {', '.join(sorted(FUNCTIONS))}")
        return FUNCTIONS[function](self._task(""), args), []

    def cancel(self) -> None:
        """End every wait."""
        self._clock.stop()

    def explain(self, error: Exception) -> str:
        """Ours as they are; a bug of ours whole."""
        if isinstance(error, UnknownOutcomeError):
            return f"{error}; then take it over with `pulumi import`"
        if isinstance(error, RenderError):
            return str(error)
        return f"a bug in the render provider:\n{''.join(traceback.format_exception(error))}"

    def code(self, error: Exception) -> grpc.StatusCode:
        """Known to have changed nothing more, or not."""
        return next((code for kind, code in CODES if isinstance(error, kind)), grpc.StatusCode.INTERNAL)

    def _make(self, urn: str, task: Task, resource: Resource[Any], want: Any) -> tuple[str, bool]:
        """The id, and whether the thing was there already. After a lost answer we look before we send again."""
        key, kept = resource.find(task, want), True
        for sent in range(1, SENDS + 1):
            if key is not None:
                break
            kept = False
            try:
                key = resource.create(task, want)
            except UnknownOutcomeError as lost:
                task.note(
                    f"no answer to {lost.what.removeprefix('unknown outcome of ')}: looking if it was carried out"
                )
                key, kept = self._look_again(task, resource, want), True
                if key is None and sent == SENDS:
                    raise
        if key is None:
            raise RenderError("render", "create gave no id")
        with self._lock:
            # A service and its deploys go by the same id.
            other = self._ours.setdefault((resource.type_, key), urn)
        if other != urn:
            raise RenderError(
                f"two resources are one thing at Render, {key}",
                f"{urn} and {other}",
                hint="give one of them another name",
            )
        if kept:
            task.note(f"exists already as {key}: keeping it")
        return key, kept

    def _gone(self, resource: Resource[Any], call: Call) -> bool:
        task = self._task(call.urn)
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
            actual = resource.read(self._task(call.urn), call.id, {**call.state, **call.old_inputs}).inputs
        except NotFound:
            return names
        return frozenset(name for name in names if not resource.same(name, actual.get(name), call.inputs.get(name)))

    def _look_again(self, task: Task, resource: Resource[Any], want: Any) -> str | None:
        for pause in (0.5, 2.0, 4.0):
            task.client.clock.sleep(pause)
            key = resource.find(task, want)
            if key is not None:
                return key
        return None

    def _converge(self, task: Task, resource: Resource[Any], key: str, want: Any, before: Values) -> None:
        given = want.given()
        found = resource.read(task, key, {**before, **given})
        changed = plan.to_change(resource, found.inputs, before, given)
        resource.update(task, key, want, Change(changed, before, found.inputs))

    def _task(self, urn: str, timeout: float = 0) -> Task:
        if self._client is None:
            raise RenderError(
                "render",
                "no API key: neither render:apiKey nor RENDER_API_KEY is set",
                hint='eval "$(./slipway local env)" for the cloud on this machine, or export RENDER_API_KEY=rnd_…',
            )
        if not self._owner_id:
            raise RenderError(
                "render",
                "no workspace: neither render:ownerId nor RENDER_OWNER_ID is set",
                hint="export RENDER_OWNER_ID=tea-… (the workspace's settings show it)",
            )
        return Task.new(self._client, self._owner_id, lambda level, text: self._tell(urn, level, text), timeout)

    def _silent(self, urn: str) -> Task:
        """A task for checks, which may run before there is a key."""
        client = self._client or Client("", clock=self._clock)
        return Task.new(client, self._owner_id, lambda level, text: self._tell(urn, level, text))


def _resource(type_: str) -> Resource[Any]:
    if type_ not in RESOURCES:
        raise RenderError("render", f"no resource {type_}; there is {', '.join(sorted(RESOURCES))}")
    return RESOURCES[type_]


def _secrets(resource: Resource[Any], call: Call) -> set[str]:
    """The properties that are secret by nature, and those that the program itself made so."""
    return {*resource.secrets, *(name for name, value in call.marked.items() if has_secret(value)), "revision"}


def _marked(values: Values, secrets: Collection[str]) -> Values:
    return {
        name: Secret(plain(value)) if name in secrets else value
        for name, value in values.items()
        if value is not None
    }


def _inputs_of(resource: Resource[Any], values: Values) -> Values:
    """The inputs among a state's values."""
    names = {info.alias or name for name, info in resource.inputs.model_fields.items()}
    return {name: value for name, value in values.items() if name in names and value is not None}


def _worth_importing(found: Found) -> Values:
    return {name: value for name, value in found.inputs.items() if value is not None and value != ""}


def _revision(resource: Resource[Any], asked: Values, before: Values | None = None, last: Any = None) -> Values:
    return {"revision": plan.revision(resource, asked, before, last)} if resource.release else {}


def _text(error: Exception) -> str:
    return str(error) if isinstance(error, RenderError) else f"{type(error).__name__}: {error}"
