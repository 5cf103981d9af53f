"""The command line: help, wrong use, errors and their exit codes."""

from __future__ import annotations

import errno

import pytest

from console.errors import FAILED, REFUSED, ExplainedError
from ops import __main__ as command
from ops.cloud import LOCAL, Cloud, pulumi
from ops.stacks import load

COMMANDS = ["up", "local", "outputs", "bootstrap", "blueprint", "secret", "test"]


@pytest.mark.parametrize("words", [["--help"], []])
def test_help_lists_every_command(words, capsys, monkeypatch):
    """Also when nothing is asked for."""
    monkeypatch.setattr("sys.argv", ["slipway"])

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
def test_wrong_use_is_exit_code_2_with_the_way_to_help(words, hint, capsys):
    """In the form of every error; nothing on stdout."""
    assert command.main(words) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert said.err.endswith(f"\n\nhint: {hint}\n")


@pytest.mark.parametrize("code", [FAILED, REFUSED])
def test_an_error_is_told_once_and_its_kind_is_the_exit_code(code, capsys, monkeypatch):
    """What, why, and what to do."""

    def fail(*_: object, **__: object) -> None:
        raise ExplainedError("cannot do it: the moon is full", hint="wait", code=code)

    monkeypatch.setattr(command, "app", fail)

    assert command.main(["up", "dev"]) == code

    assert capsys.readouterr().err == "error: cannot do it: the moon is full\n\nhint: wait\n"


def test_what_the_system_refuses_is_told_as_every_other_error(capsys, monkeypatch):
    """`./slipway outputs staging > /dev/full`."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(command, "app", fail)

    assert command.main(["up", "dev"]) == FAILED

    first, _, hint = capsys.readouterr().err.splitlines()
    assert first == "error: cannot go on: [Errno 28] No space left on device"
    assert hint == "hint: once that is mended, run the same command again"


def test_an_interrupted_command_says_that_it_can_be_repeated(capsys, monkeypatch):
    """Ctrl-C is no traceback."""
    monkeypatch.setattr(command, "app", lambda *_, **__: command.INTERRUPTED)

    assert command.main(["up", "dev"]) == FAILED

    assert capsys.readouterr().err == "error: interrupted\n\nhint: run the same command again to go on\n"


def test_an_unknown_stack_is_wrong_use():
    """The same exit code as any other mistake in a stack file."""
    with pytest.raises(ExplainedError, match=r"there is no such stack; there are dev, staging, prod") as caught:
        load("nope")

    assert caught.value.code == 2


def test_a_machine_without_pulumi_is_told_how_to_get_it(tmp_path):
    """On real accounts the CLI is the user's own."""
    with pytest.raises(ExplainedError, match=r"^cannot run pulumi: it is not on PATH\n\nhint: install pulumi 3\."):
        pulumi(Cloud({"PATH": str(tmp_path)}, is_local=False))


def test_a_cloud_is_named_for_people():
    """A run on real accounts says whose."""
    assert Cloud({"RENDER_HOST": LOCAL}, is_local=True).name == "the local cloud"
    assert Cloud({"RENDER_OWNER_ID": "tea-1"}, is_local=False).name == "Render workspace tea-1 and AWS"
