"""Pulumi on one side, Render on the other: the engine's calls, written once for all resources."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from pulumi.provider.experimental import provider as sdk

from render_api.client import HOST, Client
from render_api.clock import SystemClock
from render_api.errors import NotFound, RenderError, UnknownOutcomeError
from render_provider.provider import plan, schema
from render_provider.provider.resource import Change, Found, Resource, Values
from render_provider.provider.resources import FUNCTIONS, RESOURCES
from render_provider.provider.task import Level, Task
from render_provider.provider.values import UNKNOWN, Properties, secret_names, to_properties, to_python

VERSION = "0.1.0"
PARALLEL = 64  # calls that only wait; the client, not the pool, keeps Render's limits
SENDS = 3  # how often a create is sent whose answer keeps getting lost

Told = Callable[[str, Level, str], None]
Answer = TypeVar("Answer")


class DiffRequest(sdk.DiffRequest):
    """The SDK's request plus the inputs of the last run, which the engine sends and the SDK drops."""

    old_inputs: Properties


class UpdateRequest(sdk.UpdateRequest):
    """The SDK's request plus the inputs of the last run, which the engine sends and the SDK drops."""

    old_inputs: Properties


class HalfDoneError(Exception):
    """The thing exists, but is not as it should be: the engine keeps it, and the next `up` mends it."""

    def __init__(self, key: str, properties: Properties, reason: str) -> None:
        super().__init__(reason)
        self.key = key
        self.properties = dict(properties)
        self.reason = reason


class RenderProvider(sdk.Provider):
    """Check, diff, create, read, update, delete and the functions."""

    def __init__(self, tell: Told, *, client: Client | None = None, owner_id: str = "") -> None:
        self._tell = tell
        self._clock = SystemClock()
        self._client = client
        self._owner_id = owner_id
        self._threads = ThreadPoolExecutor(PARALLEL, thread_name_prefix="render")
        self._lock = threading.Lock()
        self._ours: dict[tuple[str, str], str] = {}  # what this run made or kept: id → URN

    async def configure(self, request: sdk.ConfigureRequest) -> sdk.ConfigureResponse:
        """The program's configuration first, then the environment."""
        config = to_python(request.args)

        def setting(name: str, variable: str) -> str:
            return str(config.get(name) or os.environ.get(variable) or "")

        self._owner_id = setting("ownerId", "RENDER_OWNER_ID")
        key, host = setting("apiKey", "RENDER_API_KEY"), setting("host", "RENDER_HOST") or HOST
        self._client = Client(key, host=host, clock=self._clock) if key else None
        return sdk.ConfigureResponse(accept_secrets=True, supports_preview=True)

    async def get_schema(self, request: sdk.GetSchemaRequest) -> sdk.GetSchemaResponse:
        """What there is, for code generation and documentation."""
        return sdk.GetSchemaResponse(schema.document(VERSION, RESOURCES))

    async def check(self, request: sdk.CheckRequest) -> sdk.CheckResponse:
        """All mistakes at once; secrets are marked here, before the engine stores anything."""
        resource = _resource(request.type)
        asked, before = to_python(request.new_inputs), to_python(request.old_inputs)
        failures = plan.mistakes(resource, asked)
        if not failures:
            failures = resource.check(self._silent(request.urn), asked, before)
        inputs = {
            name: value.with_secret(True) if name in resource.secrets else value
            for name, value in request.new_inputs.items()
            if value.value is not None
        }
        return sdk.CheckResponse(inputs, [sdk.CheckFailure(name, reason) for name, reason in failures.items()])

    async def diff(self, request: sdk.DiffRequest) -> sdk.DiffResponse:
        """Old inputs against new ones; drift gets in by refresh, which rewrites the old inputs."""
        resource = _resource(request.type)
        olds = request.old_inputs if isinstance(request, DiffRequest) else request.old_state
        before, asked = _inputs_of(resource, to_python(olds)), to_python(request.new_inputs)
        found = plan.differences(resource, before, asked)
        stale = resource.stale(to_python(request.old_state))
        replaces = [name for name in found if name in resource.replace_on]
        renamed = "name" in found
        details = {name: _detail(kind, name in replaces) for name, kind in found.items()}
        details |= {name: sdk.PropertyDiff(sdk.PropertyDiffKind.UPDATE, input_diff=False) for name in stale}
        return sdk.DiffResponse(
            changes=bool(details),
            replaces=replaces,
            delete_before_replace=bool(replaces) and resource.delete_first and not renamed,
            diffs=list(details),
            detailed_diff=details,
        )

    async def create(self, request: sdk.CreateRequest) -> sdk.CreateResponse:
        """Make it, or keep the one that an interrupted run made."""
        resource, asked = _resource(request.type), to_python(request.properties)
        secrets = self._secrets(resource, request.properties)
        if request.preview:
            state = {**asked, **dict.fromkeys(resource.outputs, UNKNOWN), **_revision(resource, asked)}
            return sdk.CreateResponse(None, to_properties(state, secrets))
        task = self._task(request.urn, request.timeout)

        def work() -> tuple[str, Values]:
            want = resource.inputs.model_validate(asked)
            key, kept = self._make(request.urn, task, resource, want)
            try:
                if kept:
                    self._converge(task, resource, key, want, {})
                resource.settle(task, key, want)
                found = resource.read(task, key, asked)
            except Exception as error:
                state = {**asked, **_revision(resource, asked)}
                raise HalfDoneError(key, to_properties(state, secrets), _text(error)) from error
            return key, {**asked, **found.outputs, **_revision(resource, asked)}

        key, state = await self._in_thread(work)
        return sdk.CreateResponse(key, to_properties(state, secrets))

    async def read(self, request: sdk.ReadRequest) -> sdk.ReadResponse:
        """Refresh what we manage; without inputs it is an import, which takes over all that Render tells."""
        resource, before = _resource(request.type), to_python(request.inputs)
        state, task = to_python(request.properties), self._task(request.urn)
        try:
            found = await self._in_thread(lambda: resource.read(task, request.resource_id, {**state, **before}))
        except NotFound:
            return sdk.ReadResponse()
        inputs = plan.drifted(resource, before, found.inputs) if before else _worth_importing(found)
        outputs = {**inputs, **found.outputs, **_revision(resource, inputs, inputs, state.get("revision"))}
        secrets = self._secrets(resource, request.inputs)
        return sdk.ReadResponse(request.resource_id, to_properties(outputs, secrets), to_properties(inputs, secrets))

    async def update(self, request: sdk.UpdateRequest) -> sdk.UpdateResponse:
        """Bring Render to what is asked, from wherever it stands."""
        resource = _resource(request.type)
        olds, asked = to_python(request.olds), to_python(request.news)
        told = to_python(request.old_inputs) if isinstance(request, UpdateRequest) else olds
        before = _inputs_of(resource, told)
        secrets = self._secrets(resource, request.news)
        last = _revision(resource, asked, before, olds.get("revision"))
        if request.preview:
            kept = {name: UNKNOWN if name in resource.volatile else olds.get(name) for name in resource.outputs}
            return sdk.UpdateResponse(to_properties({**asked, **kept, **last}, secrets))
        task = self._task(request.urn, request.timeout)

        def work() -> Values:
            want = resource.inputs.model_validate(plan.complete(resource, before, asked))
            self._converge(task, resource, request.resource_id, want, {**olds, **before})
            resource.settle(task, request.resource_id, want)
            found = resource.read(task, request.resource_id, {**olds, **asked})
            return {**asked, **found.outputs, **last}

        return sdk.UpdateResponse(to_properties(await self._in_thread(work), secrets))

    async def delete(self, request: sdk.DeleteRequest) -> None:
        """Remove it; what is gone already is a success."""
        resource, task = _resource(request.type), self._task(request.urn, request.timeout)
        state = to_python(request.properties)
        await self._in_thread(lambda: resource.delete(task, request.resource_id, state))
        with self._lock:
            self._ours.pop((resource.token, request.resource_id), None)

    async def invoke(self, request: sdk.InvokeRequest) -> sdk.InvokeResponse:
        """The functions."""
        if request.tok not in FUNCTIONS:
            raise RenderError("render", f"no function {request.tok}; there is {', '.join(sorted(FUNCTIONS))}")
        task, args = self._task(""), to_python(request.args)
        found = await self._in_thread(lambda: FUNCTIONS[request.tok](task, args))
        return sdk.InvokeResponse(to_properties(found, ()))

    async def cancel(self) -> None:
        """End every wait."""
        self._clock.stop()

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
            other = self._ours.setdefault((resource.token, key), urn)
        if other != urn:
            raise RenderError(
                f"two resources are one thing at Render, {key}",
                f"{urn} and {other}",
                hint="give one of them another name",
            )
        if kept:
            task.note(f"exists already as {key}: keeping it")
        return key, kept

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
        resource.update(task, key, want, Change(changed, before))

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

    def _secrets(self, resource: Resource[Any], properties: Properties) -> set[str]:
        return {*resource.secrets, *secret_names(properties), "revision"}

    async def _in_thread(self, work: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _resource(qualified: str) -> Resource[Any]:
    token = qualified.rpartition("$")[
        2
    ]  # the SDK takes the type from the URN, where a parent's type stands before it
    if token not in RESOURCES:
        raise RenderError("render", f"no resource {token}; there is {', '.join(sorted(RESOURCES))}")
    return RESOURCES[token]


def _inputs_of(resource: Resource[Any], values: Values) -> Values:
    """The inputs among a state's values."""
    names = {info.alias or name for name, info in resource.inputs.model_fields.items()}
    return {name: value for name, value in values.items() if name in names and value is not None}


def _worth_importing(found: Found) -> Values:
    return {name: value for name, value in found.inputs.items() if value is not None and value != ""}


def _revision(resource: Resource[Any], asked: Values, before: Values | None = None, last: Any = None) -> Values:
    return {"revision": plan.revision(resource, asked, before, last)} if resource.release else {}


def _detail(kind: plan.Kind, replaces: bool) -> sdk.PropertyDiff:
    return sdk.PropertyDiff(sdk.PropertyDiffKind[kind.value + ("_REPLACE" if replaces else "")], input_diff=True)


def _text(error: Exception) -> str:
    return str(error) if isinstance(error, RenderError) else f"{type(error).__name__}: {error}"
