"""Which release a person's drill starts: the manifest's, of the commit that its record names, not the checkout's."""

from __future__ import annotations

import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from console.errors import ExplainedError
from infra.application import APPLICATION
from infra.release import Release
from ops.backups.place import Place
from ops.context import Context
from ops.doors import postgres
from ops.doors.cloud import Cloud
from ops.doors.programs import ROOT
from ops.drills import real, released
from ops.drills.real import Real
from ops.drills.report import Ran
from ops.environments.stacks import load
from tests.contract.ops.drills.conftest import Ground
from tests.support.drill_fakes import manifest
from tests.support.fake_objects import MemoryObjects
from tests.support.parameter_fakes import Parameters

OLD, NEW, ELSEWHERE = (f"sha256:{sign * 64}" for sign in "abc")
SPOILT = "raise SystemExit('this came after it')\n"
STAGING = load("staging")


@dataclass(frozen=True)
class Repository:
    """The application as it was released, and a commit with which nothing of it starts: that is checked out."""

    root: Path
    old: str
    new: str


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Beside this checkout, of which a test knows no older commit."""
    root = tmp_path_factory.mktemp("repository")
    app = root / APPLICATION.root
    shutil.copytree(ROOT / APPLICATION.root, app, ignore=shutil.ignore_patterns("__pycache__"))

    def git(*words: str) -> str:
        told = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", *words]
        return subprocess.run(told, cwd=root, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "--quiet")
    commits = []
    for number in range(2):
        for name in ("manage.py", "start.py") if number else ():
            (app / name).write_text(SPOILT)
            (app / "requirements.txt").write_text("django==99\n")
        git("add", "--all")
        git("commit", "--quiet", "--message", str(number))
        commits.append(git("rev-parse", "HEAD"))
    return Repository(root, *commits)


@pytest.fixture
def person(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Real:
    """In that checkout, with a record of each release; of one the commit is not there."""
    monkeypatch.setattr(real, "ROOT", repository.root)
    ssm = Parameters()
    for digest, commit in ((OLD, repository.old), (NEW, repository.new), (ELSEWHERE, "f" * 40)):
        record = Release(digest=digest, commit=commit).stored()
        ssm.put_parameter(Name=STAGING.names.release, Value=record, Overwrite=True)
    place = Place(Context(), Cloud({}, is_local=True), STAGING, {"ssm": ssm}.__getitem__, MemoryObjects())
    return Real(place)


def test_the_release_of_the_manifest_starts_from_its_commit(
    person: Real, repository: Repository, ground: Ground
) -> None:
    """Although the checkout has gone on; what was taken of it is gone afterwards."""
    url = ground.copy()

    with person.candidate(manifest(release=OLD)) as candidate:
        fresh = released.make(candidate.django, ground.scratch, postgres.rows)
        found = released.differences(fresh, postgres.rows, url)
        used = released.use(candidate, url, time.monotonic)

    assert (found, used.findings) == ([], [])
    assert used.healthy_seconds
    ran = f"{OLD} (commit {repository.old[:12]}, with this checkout's packages)"
    assert candidate.ran == Ran(wanted=OLD, ran=ran, same=True)
    assert not candidate.django.root.exists()
    ground.drop(url)


def test_the_commit_of_another_release_is_another_application(
    person: Real, repository: Repository, ground: Ground
) -> None:
    """The newest one cannot be asked anything."""
    with (
        person.candidate(manifest(release=NEW)) as candidate,
        pytest.raises(ExplainedError, match="this came after it"),
    ):
        released.make(candidate.django, ground.scratch, postgres.rows)

    assert candidate.ran.ran == f"{NEW} (commit {repository.new[:12]})"


@pytest.mark.parametrize(
    ("release", "why"),
    [
        (ELSEWHERE, f"git knows no commit {'f' * 40} here: git fetch --all"),
        (f"sha256:{'d' * 64}", "no record of staging names its commit"),
        (None, "the manifest names no release"),
    ],
)
def test_what_is_here_has_to_do_where_no_commit_is(person: Real, release: str | None, why: str) -> None:
    """And the report tells why."""
    with person.candidate(manifest(release=release)) as candidate:
        assert candidate.ran == Ran(wanted=release, ran="this checkout", same=False, why=why)
        assert candidate.django.root == ROOT / APPLICATION.root
