"""What a Dockerfile says about running."""

from __future__ import annotations

import pytest

from localcloud.render.runtime.dockerfile import parse
from localcloud.render.runtime_protocol import RuntimeFailure


def test_the_last_stage_counts() -> None:
    """Start command, working directory and environment are those of the last stage."""
    found = parse(
        "# comment\nARG VERSION=3\nFROM python:$VERSION AS build\nENV OLD=1\nCMD old\n"
        'FROM python\nWORKDIR /srv\nWORKDIR app\nENV A=1 B="two words" \\\n    C=3\nENV D four five\nENV PATH=/x\n'
        'RUN make\nENTRYPOINT ["python"]\nCMD ["start.py", "web"]\n'
    )

    assert found.start == ("python", "start.py", "web")
    assert found.workdir == "/srv/app"
    assert found.env == {"A": "1", "B": "two words", "C": "3", "D": "four five"}


def test_a_stage_continues_an_earlier_one() -> None:
    """`FROM base` takes over what the stage `base` says."""
    found = parse("FROM python AS base\nENV A=1\nCMD run me\nFROM base\nENV B=2\n")

    assert (found.start, found.env) == (("/bin/sh", "-c", "run me"), {"A": "1", "B": "2"})


def test_no_stage_is_an_error() -> None:
    """A file without FROM is none."""
    with pytest.raises(RuntimeFailure, match="CMD comes before FROM"):
        parse("CMD x")
