"""What the companion is told by variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.errors import WRONG_USE, ExplainedError
from ops.companion import settings
from ops.companion.settings import Bucket


def given(tmp_path: Path, **variables: str) -> dict[str, str]:
    """All that is needed."""
    return {
        "RESTORE_WATCH_DIR": str(tmp_path),
        "RESTORE_STATE_FILE": str(tmp_path / "state.json"),
        "RESTORE_SERVICES": "web, worker",
        **variables,
    }


def test_three_variables_are_enough(tmp_path: Path) -> None:
    """The rest has a default."""
    found = settings.read(given(tmp_path))

    assert (found.watch, found.state_file) == (tmp_path, tmp_path / "state.json")
    assert (found.services, found.platform) == (("web", "worker"), "render")
    assert (found.poll_interval, found.stop_timeout, found.stop_wait, found.start_wait) == (10, 30, 5, 120)


def test_a_prefix_of_a_bucket_can_be_watched(tmp_path: Path) -> None:
    """Below a slash, or all of it."""
    watched = [
        settings.read(given(tmp_path, RESTORE_WATCH_DIR=f"s3://some-bucket{rest}")).watch
        for rest in ("/to/restore", "/to/restore/", "")
    ]

    assert watched == [
        Bucket("some-bucket", "to/restore/"),
        Bucket("some-bucket", "to/restore/"),
        Bucket("some-bucket", ""),
    ]


def test_what_watches_a_bucket_needs_no_disk(tmp_path: Path) -> None:
    """Its memory is in the bucket, unless a file is named."""
    watched = given(tmp_path, RESTORE_WATCH_DIR="s3://some-bucket/in")

    assert settings.read(watched | {"RESTORE_STATE_FILE": ""}).state_file is None
    assert settings.read(watched).state_file == tmp_path / "state.json"


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    """Each by its name, with what it must be."""
    wrong = {
        "RESTORE_WATCH_DIR": str(tmp_path / "nothing"),
        "RESTORE_STATE_FILE": "state.json",
        "RESTORE_SERVICES": "web web",
        "RESTORE_PLATFORM": "compose",
        "RESTORE_POLL_INTERVAL": "0",
        "RESTORE_STOP_TIMEOUT": "soon",
        "RESTORE_STOP_WAIT_SECONDS": "-1",
        "RESTORE_START_WAIT_SECONDS": "1e3",
        "DOCKER_HOST": "ssh://there",
    }

    with pytest.raises(ExplainedError) as caught:
        settings.read(wrong)

    assert caught.value.code == WRONG_USE
    assert str(caught.value).splitlines() == [
        "cannot start the companion: 9 variables are wrong: ",
        "  RESTORE_WATCH_DIR: is no folder",
        "  RESTORE_STATE_FILE: must be an absolute path",
        "  RESTORE_SERVICES: names a service twice",
        "  RESTORE_POLL_INTERVAL: must be a number of seconds, 0.1 or more",
        "  RESTORE_STOP_TIMEOUT: must be a number of seconds, 1 or more",
        "  RESTORE_STOP_WAIT_SECONDS: must be a number of seconds, 0 or more",
        "  RESTORE_START_WAIT_SECONDS: must be a number of seconds, 1 or more",
        "  DOCKER_HOST: must be unix:///PATH or tcp://HOST:PORT",
        "  DATABASE_URL: missing",
        "",
        "hint: docs/runbooks/companion.md lists them",
    ]


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("RESTORE_WATCH_DIR", "", "missing"),
        ("RESTORE_WATCH_DIR", "s3://B", "must be s3://BUCKET/PREFIX"),
        ("RESTORE_STATE_FILE", "/", "is a folder, and has to be a file in one"),
        ("RESTORE_STATE_FILE", "/nowhere/at/all", "needs a folder /nowhere/at in which we may write"),
        ("RESTORE_SERVICES", " ", "missing"),
        ("RESTORE_PLATFORM", "moon", "must be one of render, compose"),
    ],
)
def test_what_is_wrong_says_what_it_must_be(tmp_path: Path, name: str, value: str, why: str) -> None:
    """One variable."""
    with pytest.raises(ExplainedError, match="1 variable is wrong") as caught:
        settings.read(given(tmp_path, **{name: value}))

    assert f"\n  {name}: {why}\n" in str(caught.value)
