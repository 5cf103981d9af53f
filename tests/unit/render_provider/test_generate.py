"""What the generator makes of a model. https://render.test/reference/box"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from pulumi_plugin.values import Values
from render_provider.generate import arguments, classes, models, reference, schema, words
from render_provider.generate.models import ModelError
from render_provider.provider.function import Function
from render_provider.provider.resource import Actual, Change, Inputs, Outputs, Resource
from render_provider.provider.task import Task


class Shelf(Inputs):
    """Where it stands."""

    row: Annotated[int, Field(ge=1, le=9)] = 3
    """Counted from below."""


class ThingInputs(Inputs):
    """What a thing may say."""

    name: str
    """What it is called."""
    kind: Literal["round", "square"] | None = None
    """Its form."""
    shelves: list[Shelf] | None = None
    """Its places."""
    labels: dict[str, str] | None = None
    """By any name."""
    disk_size_gb: Annotated[int | None, Field(alias="diskSizeGB", ge=1)] = None
    """How much it holds."""


class BoxInputs(ThingInputs):
    """What a box may say."""

    lid: bool
    """Whether it has one."""


class BoxOutputs(Outputs):
    """What Render tells of a box."""

    port: int
    """Where it listens."""
    login: str
    """How to get in."""


class Box(Resource[BoxInputs]):
    """A box.

    It holds things.
    """

    type_ = "render:index:Box"
    import_id = "box-…"
    inputs = BoxInputs
    outputs = BoxOutputs
    replace_on = frozenset({"kind"})
    secrets = frozenset({"labels", "login"})
    resets = {"labels": {}, "diskSizeGB": None}  # noqa: RUF012 - as short as a test may be
    release = frozenset({"name"})

    def create(self, task: Task, want: BoxInputs) -> str:
        raise NotImplementedError

    def read(self, task: Task, key: str, known: Values) -> Actual:
        raise NotImplementedError

    def update(self, task: Task, key: str, want: BoxInputs, change: Change) -> None:
        raise NotImplementedError

    def delete(self, task: Task, key: str, state: Values) -> None:
        raise NotImplementedError


class Label(Inputs):
    """What a label may say."""

    labels: str
    """Itself."""


class Labelled(Box):
    """What has one label."""

    inputs: Any = Label


class Mute(Inputs):
    """Says nothing."""

    name: str


class Place(Outputs):
    """A place."""

    box_ids: list[str]
    """What stands there."""


class GetPlace(Function):
    """The place of that name."""

    function = "render:index:getPlace"
    inputs = Shelf
    outputs = Place

    def call(self, task: Task, asked: Values) -> Values:
        raise NotImplementedError


def test_a_program_may_say_what_the_model_says() -> None:
    """What must be said, what may be none, choices, maps and lists; a box says what every thing says and its own."""
    text = arguments.text([Box()])

    assert (
        '''
class BoxArgs(ThingArgs, total=False):
    """What a box may say."""

    lid: Required[Input[bool]]
    """Whether it has one."""
'''
        in text
    )
    assert "    name: Required[Input[str]]\n" in text
    assert '    kind: Input[str] | None\n    """Its form. `round` or `square`."""\n' in text
    assert "    shelves: Input[Sequence[Input[Shelf]]] | None\n" in text
    assert "    labels: Input[Mapping[str, Input[str]]] | None\n" in text
    assert "    row: Input[int]\n" in text
    assert text.index("class Shelf(") < text.index("class ThingArgs(") < text.index("class BoxArgs(")


def test_keys_of_maps_and_names_that_render_spells_its_own_way_are_told_apart() -> None:
    """The program's side translates names, and must not touch these."""
    text = arguments.text([Box()])

    assert "MAPS = frozenset(['labels'])" in text
    assert "SPECIAL = {'disk_size_gb': 'diskSizeGB'}" in text


def test_a_program_reads_inputs_outputs_and_the_revision() -> None:
    """With their types and meanings; what is secret is named."""
    text = classes.text([Box()], [])

    assert '@pulumi.type_token("render:index:Box")\nclass Box(RenderResource):\n' in text
    assert '    """A box.\n\n    It holds things.\n    """' in text
    assert "    secrets = ('labels', 'login', 'revision')\n" in text
    for line in (
        "name: Output[str]",
        "shelves: Output[list[dict[str, Any]] | None]",
        "labels: Output[dict[str, str] | None]",
        'port: Output[int]\n    """Where it listens."""',
        "revision: Output[str]",
    ):
        assert f"    {line}\n" in text


def test_the_schema_says_what_is_secret_and_what_replaces() -> None:
    """As the engine and `pulumi import` want it, with each output's own type."""
    box = json.loads(schema.text("here", "1.0.0", {"box": Box()}, {}))["resources"]["box"]

    assert box["inputProperties"]["kind"] == {"type": "string", "willReplaceOnChanges": True}
    assert box["properties"]["labels"]["secret"] is True
    assert box["properties"]["port"] == {"type": "integer"}
    assert box["requiredInputs"] == ["name", "lid"]
    assert box["required"] == ["lid", "login", "name", "port", "revision"]


def test_a_page_says_all_that_a_programmer_asks() -> None:
    """Type, what holds when it is left out, what a change does, what is secret, what is inside, how to import."""
    page = reference.pages([Box()], [])["test_generate.md"]

    for line in (
        "# Box\n\nA box.\n\nIt holds things.\n",
        "Type `render:index:Box`. Render's own page: <https://render.test/reference/box>.",
        "| `name` | text | **required** | with the next deploy | What it is called. |",
        "| `kind` | `round` \\| `square` | not managed | **replaces** | Its form. |",
        "| `shelves` | list of [Shelf](#shelf) | not managed | in place | Its places. |",
        "| `labels` | map of text | not managed | in place | By any name. **Secret.** |",
        "Taken out of the program, these go back: `labels` to `{}`, `disk_size_gb` to nothing. ",
        "### Shelf\n\nWhere it stands.\n",
        "| `row` | number, 1 to 9 | `3` | Counted from below. |",
        "| `login` | text | How to get in. **Secret.** |",
        "pulumi import render:index:Box NAME box-…\n",
    ):
        assert line in page


def test_what_has_no_meaning_is_refused_by_name() -> None:
    """A page with holes helps nobody."""
    with pytest.raises(ModelError, match=r"Mute\.name in .* has no docstring under it"):
        models.properties(Mute)


def test_a_name_that_is_a_map_in_one_place_only_is_refused() -> None:
    """The program's side goes by names, wherever they stand."""
    with pytest.raises(ModelError, match="labels: a map in one place and not in another"):
        arguments.text([Box(), Labelled()])


def test_a_question_that_may_leave_something_out_is_refused() -> None:
    """No function asks one yet; written without it, it would be asked with nothing."""
    with pytest.raises(ModelError, match=r"render:index:getPlace: .* not supported"):
        classes.text([], [GetPlace()])


def test_a_long_docstring_is_as_wide_as_lines_are() -> None:
    """Generated files keep the house's rules."""
    [first, *others] = words.docstring("word " * 40).splitlines()

    assert first.startswith('    """word')
    assert max(map(len, [first, *others])) <= words.WIDTH
    assert others[-1] == '    """'


def test_a_backslash_in_a_meaning_stays_one() -> None:
    """As in a pattern."""
    assert words.docstring(r"Like `^\d$`.") == r'    """Like `^\\d$`."""'
