"""A secret's value: what is taken from stdin and from the prompt, and what is refused."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import termios
from collections.abc import Callable

import pytest

from console.errors import WRONG_USE, ExplainedError
from ops.secrets.value import from_prompt, from_stream
from tests.support.waiting import eventually


def answering(*lines: str) -> Callable[[str], str]:
    """A terminal at which that is typed."""
    left = list(lines)
    return lambda question: left.pop(0)


def refused(call: Callable[..., object], *arguments: object) -> str:
    """Why; always with exit code 2."""
    with pytest.raises(ExplainedError) as told:
        call(*arguments)
    assert told.value.code == WRONG_USE
    return str(told.value).partition("\n\n")[0].removeprefix("cannot take this value: ")


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (b"one", "one"),
        (b"one\n", "one"),
        (b"one\r\n", "one"),
        (b"one\n\n", "one\n"),
        (b"-----BEGIN-----\nabc\n-----END-----\n", "-----BEGIN-----\nabc\n-----END-----"),
        (b" one ", " one "),
        ("it\"s '$HOME' `x` \\n ünï ✓\n".encode(), "it\"s '$HOME' `x` \\n ünï ✓"),
        (b"x" * 65_536 + b"\n", "x" * 65_536),
    ],
)
def test_stdin_is_taken_as_it_is_but_for_one_newline(given: bytes, value: str) -> None:
    """Several lines, quotes, and as much as the vault keeps."""
    assert from_stream(io.BytesIO(given)) == value


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (b"", "it is empty"),
        (b"\n", "it is empty"),
        (b" \n\n", "it is empty"),
        (b"a\0b", "it holds a NUL byte"),
        (b"\xff\xfea", "it is not UTF-8 text"),
        (b"x" * 65_537, "it is longer than the 65536 bytes that AWS Secrets Manager keeps"),
        ("ü".encode() * 32_768 + b"x", "it is longer than the 65536 bytes that AWS Secrets Manager keeps"),
        (b"xx" + "ü".encode() * 65_536, "it is longer than the 65536 bytes that AWS Secrets Manager keeps"),
    ],
)
def test_what_is_no_value_is_refused(given: bytes, why: str) -> None:
    """Before anything is reached, and without repeating it."""
    assert refused(from_stream, io.BytesIO(given)) == why


def test_an_endless_stdin_is_not_read_to_its_end() -> None:
    """`--stdin < /dev/zero` ends."""
    with open("/dev/zero", "rb") as zeros:  # noqa: PTH123 - a device is no path to be read whole
        assert refused(from_stream, zeros) == "it holds a NUL byte"


def test_what_is_typed_is_asked_for_twice() -> None:
    """Nobody sees what was typed."""
    assert from_prompt("A of dev", answering("one", "one")) == "one"
    assert refused(from_prompt, "A of dev", answering("one", "two")) == "the two are not the same"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "it is empty"),
        ("one\x1b[A", "it holds a key that writes nothing, such as an arrow"),
        ("x" * 4095, "a terminal cuts a line after 4095 bytes"),
        ("a\udcffb", "it is not UTF-8 text"),
    ],
)
def test_what_was_mistyped_is_not_asked_for_again(typed: str, why: str) -> None:
    """The first answer is enough to refuse it."""
    assert refused(from_prompt, "A of dev", answering(typed)) == why


PROGRAM = "from ops.secrets.value import from_prompt\nfrom console.errors import ExplainedError\n" + (
    "try:\n    print('taken', from_prompt('A of dev'))\nexcept ExplainedError as error:\n    print(error)\n"
)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ([b"one\n", b"one\n"], "taken one"),
        ([b"-----BEGIN-----\nabc\n"], "it has several lines"),
        ([b"-----BEGIN-----\nabc"], "it has several lines"),
        ([b"\x04"], "it is empty"),
    ],
)
def test_a_terminal_shows_nothing_and_drops_nothing(typed: list[bytes], said: str) -> None:
    """Of a pasted key of several lines a prompt would take the first, twice the same; the terminal is as it was."""
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    process = subprocess.Popen([sys.executable, "-c", PROGRAM], stdin=theirs, stdout=subprocess.PIPE, stderr=theirs)
    shown = b""
    for question, line in zip((b"(hidden): ", b"the same again: "), typed, strict=False):
        while question not in shown:
            shown += os.read(ours, 1024)
        os.write(ours, line)

    out, _ = process.communicate(timeout=30)

    eventually(lambda: termios.tcgetattr(theirs) == before, "the terminal is as it was")
    assert said in out.decode()
    assert b"one" not in shown
    os.close(ours)
    os.close(theirs)
