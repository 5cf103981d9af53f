"""The one error that people are shown."""

from __future__ import annotations

import errno

import pytest

from console.errors import FAILED, REFUSED, ExplainedError, from_system


def test_an_error_says_what_why_and_what_to_do() -> None:
    """A blank line before the hint; what has no reason or hint goes without."""
    whole = ExplainedError("cannot do it", "the moon is full", hint="wait", code=REFUSED)

    assert str(whole) == "cannot do it: the moon is full\n\nhint: wait"
    assert whole.code == REFUSED
    assert str(ExplainedError("interrupted")) == "interrupted"
    assert ExplainedError("interrupted").code == FAILED


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            PermissionError(errno.EACCES, "Permission denied", "/there"),
            "cannot use /there: Permission denied\n\n"
            "hint: mend that, then run the same command again; to look: ls -ld /there",
        ),
        (
            OSError(errno.ENOSPC, "No space left on device", "/there"),
            "cannot use /there: No space left on device\n\nhint: make room (df -h), then run the same command again",
        ),
        (
            OSError(errno.EMFILE, "Too many open files"),
            "cannot go on: [Errno 24] Too many open files\n\nhint: once that is mended, run the same command again",
        ),
    ],
)
def test_what_the_system_refuses_names_its_file_and_the_way_on(error: OSError, told: str) -> None:
    """Where it is known which file."""
    assert str(from_system(error)) == told
