"""The command line: help, wrong use, errors and their exit codes."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Annotated, Literal, get_args, get_origin

import pytest
import typer
from typer.core import TyperArgument, TyperGroup, TyperOption

from console import program
from console.errors import ExplainedError
from localcloud import __main__ as local_command
from ops import __main__ as command
from ops.doors.cloud import LOCAL, Cloud
from ops.doors.pulumi import Pulumi
from ops.environments.stacks import load


class Wall(enum.StrEnum):
    """To be painted."""

    north = "north"
    south = "south"


COMMANDS = [
    "up",
    "local",
    "outputs",
    "bootstrap",
    "blueprint",
    "secret",
    "migrations",
    "release",
    "lock",
    "unlock",
    "test",
]


@pytest.mark.parametrize("words", [["--help"], []])
def test_help_lists_every_command(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Also when nothing is asked for."""
    assert command.main(words) == 0

    said = capsys.readouterr().out
    assert [name for name in COMMANDS if f" {name} " not in said] == []


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["nope"], "./slipway --help"),
        (["up"], "./slipway up --help"),
        (["up", "stag"], "./slipway up --help"),
        (["outputs", "dev", "--jsn"], "./slipway outputs --help"),
    ],
)
def test_wrong_use_is_exit_code_2_with_the_way_to_help(
    words: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the form of every error; nothing on stdout."""
    assert command.main(words) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert said.err.endswith(f"\n\nhint: {hint}\n")


def wrong_choices(group: object, *path: str) -> Iterator[tuple[list[str], str]]:
    """The words of every command with a wrong value for one of its choices, and the choices."""
    assert isinstance(group, TyperGroup)
    for name, one in group.commands.items():
        if isinstance(one, TyperGroup):
            yield from wrong_choices(one, *path, name)
            continue
        arguments = [param for param in one.params if isinstance(param, TyperArgument)]
        given = [known[0] if (known := _choices(param)) else "X" for param in arguments]
        for number, param in enumerate(arguments):
            if known := _choices(param):
                yield [*path, name, *given[:number], "nosuch", *given[number + 1 :]], _quoted(known)
        for option in one.params:
            if isinstance(option, TyperOption) and (known := _choices(option)):
                yield [*path, name, *given, option.opts[0], "nosuch"], _quoted(known)


def _choices(param: TyperArgument | TyperOption) -> list[str]:
    return list(_of_type(param.type_descriptor.annotation))


def _of_type(kind: object) -> Iterator[str]:
    """Those of an enum or of literals, also where there may be none or several."""
    if isinstance(kind, enum.EnumMeta):
        yield from map(str, kind)
    elif get_origin(kind) is Literal:
        yield from map(str, get_args(kind))
    else:
        for part in get_args(kind):
            yield from _of_type(part)


def _quoted(choices: list[str]) -> str:
    return ", ".join(f"'{choice}'" for choice in choices)


@pytest.mark.parametrize("one", [command, local_command], ids=["slipway", "local"])
def test_what_is_no_choice_is_told_in_plain_words_with_the_choices(
    one: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whichever command, argument or option it is: not in those of the library that compares them."""
    for words, known in wrong_choices(typer.main.get_command(one.app)):
        assert one.main(words) == 2, words

        first = capsys.readouterr().err.splitlines()[0]
        assert first.startswith("error: Invalid value for '"), words
        assert first.endswith(f": 'nosuch' is not one of {known}."), words


def test_wrong_choices_are_found_in_groups_and_options_too(capsys: pytest.CaptureFixture[str]) -> None:
    """What the test above looks through."""
    app, colours = typer.Typer(), typer.Typer()

    @colours.command()
    def paint(wall: Wall, colour: Annotated[Literal["red", "blue"], typer.Option()] = "red") -> None:
        """Paint."""

    app.add_typer(colours, name="colours")
    app.command()(lambda: None)

    found = list(wrong_choices(typer.main.get_command(app)))

    assert found == [
        (["colours", "paint", "nosuch"], "'north', 'south'"),
        (["colours", "paint", "north", "--colour", "nosuch"], "'red', 'blue'"),
    ]
    assert program.run(app, found[1][0], name="app") == 2
    assert ": 'nosuch' is not one of 'red', 'blue'." in capsys.readouterr().err


def test_an_unknown_stack_is_wrong_use() -> None:
    """The same exit code as any other mistake in a stack file."""
    with pytest.raises(ExplainedError, match=r"there is no such stack; there are dev, staging, prod") as caught:
        load("nope")

    assert caught.value.code == 2


def test_a_machine_without_pulumi_is_told_how_to_get_it(tmp_path: Path) -> None:
    """On real accounts the CLI is the user's own."""
    with pytest.raises(ExplainedError, match=r"^cannot run pulumi: it is not on PATH\n\nhint: install pulumi 3\."):
        Pulumi(Cloud({"PATH": str(tmp_path)}, is_local=False)).resources("dev")


def test_a_cloud_is_named_for_people() -> None:
    """A run on real accounts says whose."""
    assert Cloud({"RENDER_HOST": LOCAL}, is_local=True).name == "the local cloud"
    assert Cloud({"RENDER_OWNER_ID": "tea-1"}, is_local=False).name == "Render workspace tea-1 and AWS"
