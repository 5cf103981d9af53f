"""The program's side of the provider, held against the engine's side."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator
from typing import Any, get_args

import pulumi
import pytest
from pulumi.runtime import mocks
from pydantic import BaseModel

from render_provider import args, registration, resources
from render_provider.provider.resources import RESOURCES
from render_provider.registration import RenderResource

CLASSES: dict[str, type[RenderResource]] = {
    kind.pulumi_type: kind
    for kind in vars(resources).values()
    if inspect.isclass(kind) and issubclass(kind, RenderResource) and "pulumi_type" in vars(kind)
}


def declared(kind: type[RenderResource]) -> Any:
    """The TypedDict of a class's inputs."""
    return getattr(args, f"{kind.__name__}Args")


def test_both_sides_know_the_same_resources() -> None:
    """A resource of the provider that no program can declare is no use."""
    assert CLASSES.keys() == RESOURCES.keys()


@pytest.mark.parametrize("type_", sorted(RESOURCES))
def test_a_resources_inputs_are_the_models(type_: str) -> None:
    """Same names, the same of them required."""
    fields = RESOURCES[type_].inputs.model_fields
    kind = declared(CLASSES[type_])

    assert {registration.camel(name) for name in kind.__annotations__} == {
        info.alias or name for name, info in fields.items()
    }
    required = {info.alias or name for name, info in fields.items() if info.is_required()}
    assert {registration.camel(name) for name in kind.__required_keys__} == required - (
        {"repo"} if type_.endswith(":StaticSite") else set()  # shared with services that run an image
    )


@pytest.mark.parametrize("type_", sorted(RESOURCES))
def test_a_resources_outputs_are_the_providers(type_: str) -> None:
    """Every output that a program can name is one that the provider gives, and none is forgotten."""
    resource = RESOURCES[type_]
    names = {registration.camel(name) for name in registration.output_names(CLASSES[type_])}
    inputs = {info.alias or name for name, info in resource.inputs.model_fields.items()}
    given = {*resource.outputs.names(), *(["revision"] if resource.release else [])}

    assert given <= names <= given | inputs


@pytest.mark.parametrize("type_", sorted(RESOURCES))
def test_a_resources_secrets_are_declared_on_both_sides(type_: str) -> None:
    """additionalSecretOutputs names what the provider marks, in case either forgets."""
    resource = RESOURCES[type_]
    marked = resource.secrets | ({"revision"} if resource.release else set())

    assert {registration.camel(name) for name in CLASSES[type_].secrets} == marked


def nested(model: type[BaseModel]) -> set[type[BaseModel]]:
    """The models inside a model, however deep."""
    found: set[type[BaseModel]] = set()
    waiting: list[Any] = [info.annotation for info in model.model_fields.values()]
    while waiting:
        one = waiting.pop()
        if inspect.isclass(one) and issubclass(one, BaseModel) and one not in found:
            found.add(one)
            waiting += [info.annotation for info in one.model_fields.values()]
        waiting += get_args(one)
    return found


NESTED = sorted({inner for one in RESOURCES.values() for inner in nested(one.inputs)}, key=lambda one: one.__name__)


@pytest.mark.parametrize("model", NESTED)
def test_nested_inputs_are_the_models(model: type[BaseModel]) -> None:
    """Cidr, Image, Autoscaling…: the same fields on both sides."""
    assert set(getattr(args, model.__name__).__annotations__) == set(model.model_fields)


@pytest.fixture
def loop() -> Iterator[None]:
    """Pulumi's test runner takes the thread's event loop, which nobody else sets here."""
    own = asyncio.new_event_loop()
    asyncio.set_event_loop(own)
    yield
    asyncio.set_event_loop(None)
    own.close()


class Echo(mocks.Mocks):
    """A cloud that gives back what it was given."""

    def __init__(self) -> None:
        self.seen: dict[str, dict[str, Any]] = {}

    def new_resource(self, made: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.seen[made.name] = made.inputs
        return f"{made.name}-id", {**made.inputs, "internalConnectionString": "postgresql://x"}

    def call(self, asked: pulumi.runtime.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        return {"id": "prj-1", "name": asked.args["name"], "environmentIds": ["evm-1"]}, []


def test_a_program_speaks_snake_case_and_render_hears_its_own_names(loop: None) -> None:
    """Nested inputs are translated, the keys of variables are not; None is nothing."""
    echo = Echo()
    shown: list[list[str]] = []
    mocks.set_mocks(echo)

    @pulumi.runtime.test  # type: ignore[untyped-decorator] # Pulumi's
    def program() -> pulumi.Output[None]:
        database = resources.Postgres(
            "db",
            name="d",
            plan="p",
            version="16",
            disk_size_gb=15,
            ip_allow_list=[{"cidr_block": "::/0"}],
            region=None,
        )
        group = resources.EnvGroup("g", name="g", env_vars={"image_path": database.internal_connection_string})
        assert isinstance(group, pulumi.CustomResource)
        return pulumi.Output.all(database.name, database.internal_connection_string).apply(shown.append)

    program()

    assert echo.seen["db"] == {
        "name": "d",
        "plan": "p",
        "version": "16",
        "diskSizeGB": 15,
        "ipAllowList": [{"cidrBlock": "::/0"}],
    }
    assert echo.seen["g"] == {"name": "g", "envVars": {"image_path": "postgresql://x"}}
    assert shown == [["d", "postgresql://x"]]


def test_a_project_is_a_value(loop: None) -> None:
    """Looked up at once, or once its name is known."""
    mocks.set_mocks(Echo())
    shown: list[resources.Project] = []

    @pulumi.runtime.test  # type: ignore[untyped-decorator] # Pulumi's
    def program() -> pulumi.Output[None]:
        assert resources.get_project("cams") == resources.Project("prj-1", "cams", ("evm-1",))
        return resources.get_project_output(pulumi.Output.from_input("cams")).apply(shown.append)

    program()

    assert shown == [resources.Project("prj-1", "cams", ("evm-1",))]
