"""The image of a commit, built and kept by nobody."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from console.errors import ExplainedError
from ops.context import Context, Doors
from ops.doors.builder import NoEngineError
from ops.doors.committed import Commit
from ops.releases.image import check


def context(build: Callable[..., None]) -> Context:
    """A checkout whose application has one package."""

    def export(checkout: Path, commit: str, folder: str, target: Path) -> Path:
        (target / "requirements.txt").write_text("django==5.2.1\n")
        (target / "Dockerfile").write_text("FROM python:3.13\n")
        return target

    commit = Commit("ab" * 20, "cd" * 20, datetime(2026, 11, 26, tzinfo=UTC))
    git: Any = SimpleNamespace(head=lambda checkout: commit, export=export)
    return Context(Doors(committed=git, check_image=build))


def test_it_is_built_of_what_is_committed_and_listed(tmp_path: Path) -> None:
    """With the cache that is named; the list is of its packages and its base."""
    built: list[dict[str, Any]] = []

    skipped = check(
        context(lambda folder, **how: built.append(how | {"there": (folder / "Dockerfile").exists()})),
        cache=tmp_path / "cache",
        listed=tmp_path / "sbom.json",
    )

    assert skipped == ""
    assert [(one["there"], one["cache"], one["platform"]) for one in built] == [
        (True, tmp_path / "cache", "linux/amd64")
    ]
    listed = json.loads((tmp_path / "sbom.json").read_text())
    assert [(one["name"], one["version"]) for one in listed["components"]] == [
        ("python", "3.13"),
        ("django", "5.2.1"),
    ]


def test_without_an_engine_it_is_an_error_or_said_to_be_skipped() -> None:
    """Never taken for built."""

    def nothing(folder: Path, **how: Any) -> None:
        raise NoEngineError("no daemon")

    with pytest.raises(ExplainedError, match="cannot build the image: no daemon"):
        check(context(nothing), cache=None, listed=None)
    assert check(context(nothing), cache=None, listed=None, skip=True) == "no daemon"
