"""What a job's token may do."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.github.runs.permissions import narrowed, of_job, speaks


@pytest.mark.parametrize(
    ("workflow", "job", "expected"),
    [
        ({}, {}, {"contents": "read", "packages": "read"}),
        ({"permissions": {}}, {}, {}),
        ({"permissions": {}}, {"permissions": {"id-token": "write", "checks": "none"}}, {"id-token": "write"}),
        ({"permissions": {"contents": "write"}}, {}, {"contents": "write"}),
        ({"permissions": {"contents": "write"}}, {"permissions": {"issues": "read"}}, {"issues": "read"}),
    ],
)
def test_a_jobs_own_words_go_before_the_files(workflow: Any, job: Any, expected: dict[str, str]) -> None:
    """They are not added up."""
    assert of_job(workflow, job) == expected


def test_for_a_fork_nothing_is_written_and_nobody_speaks() -> None:
    """Whatever its files say, which are its own."""
    given = of_job({}, {"permissions": "write-all"}, fork=True)

    assert set(given.values()) == {"read"}
    assert not speaks(given)
    assert speaks(of_job({}, {"permissions": {"id-token": "write"}}))


def test_who_is_called_has_no_more_than_the_caller() -> None:
    """Of each scope the lower."""
    caller = {"contents": "read", "id-token": "write"}

    assert narrowed(caller, {"contents": "write", "id-token": "write", "issues": "write"}) == {
        "contents": "read",
        "id-token": "write",
    }
