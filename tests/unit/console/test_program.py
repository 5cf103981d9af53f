"""How a program ends: what is said, and the exit code."""

from __future__ import annotations

import errno
import subprocess

import pytest
import typer

from console import program
from console.errors import FAILED, REFUSED, ExplainedError


def failing(error: BaseException) -> typer.Typer:
    """A program whose only command ends with that."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

    @app.command()
    def fail() -> None:
        """Fail."""
        raise error

    return app


@pytest.mark.parametrize("code", [FAILED, REFUSED])
def test_an_error_is_told_once_and_its_kind_is_the_exit_code(code: int, capsys: pytest.CaptureFixture[str]) -> None:
    """What, why, and what to do."""
    app = failing(ExplainedError("cannot do it", "the moon is full", hint="wait", code=code))

    assert program.run(app, ["--"], name="slipway") == code

    assert capsys.readouterr().err == "error: cannot do it: the moon is full\n\nhint: wait\n"


def test_what_the_system_refuses_is_told_as_every_other_error(capsys: pytest.CaptureFixture[str]) -> None:
    """`./slipway outputs staging > /dev/full`."""
    app = failing(OSError(errno.ENOSPC, "No space left on device"))

    assert program.run(app, ["--"], name="slipway") == FAILED

    first, _, hint = capsys.readouterr().err.splitlines()
    assert first == "error: cannot go on: [Errno 28] No space left on device"
    assert hint == "hint: once that is mended, run the same command again"


def test_an_interrupted_command_says_that_it_can_be_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C is no traceback."""
    assert program.run(failing(KeyboardInterrupt()), ["--"], name="slipway") == FAILED

    assert capsys.readouterr().err == "error: interrupted\n\nhint: run the same command again to go on\n"


def test_a_program_that_failed_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """One that a command started, and that nobody explained."""
    assert program.run(failing(subprocess.CalledProcessError(3, ["initdb"])), ["--"], name="slipway") == FAILED

    assert capsys.readouterr().err == "error: Command '['initdb']' returned non-zero exit status 3.\n"


def test_a_command_finds_what_it_is_given() -> None:
    """Without looking for it anywhere else."""
    app, found = typer.Typer(add_completion=False), []

    @app.command()
    def look(shell: typer.Context) -> None:
        """Look."""
        found.append(shell.obj)

    assert program.run(app, ["--"], name="slipway", given="a cloud") == 0
    assert found == ["a cloud"]
