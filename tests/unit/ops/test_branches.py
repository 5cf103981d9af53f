"""Branches on the local Git host: pushed once, to a host that has none."""

from __future__ import annotations

import subprocess

import pytest

from ops import branches
from ops.errors import OpsError

WANTED = ["develop", "staging", "main"]


def git(folder, *words: str) -> str:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    return subprocess.run(
        ("git", *who, *words), cwd=folder, capture_output=True, text=True, check=True
    ).stdout.strip()


def commit(folder, text: str) -> str:
    (folder / "file").write_text(text)
    git(folder, "add", "file")
    git(folder, "commit", "-q", "-m", text)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def host(tmp_path):
    folder = tmp_path / "repository.git"
    git(tmp_path, "init", "-q", "--bare", str(folder))
    return folder


@pytest.fixture
def checkout(tmp_path):
    folder = tmp_path / "checkout"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "work")
    return folder


def heads(host) -> dict[str, str]:
    listed = git(host, "for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    return dict(line.split() for line in listed)


def test_an_empty_host_gets_head_as_every_branch(host, checkout):
    """Whatever the branch that is checked out is called."""
    head = commit(checkout, "one")

    assert branches.push(checkout, str(host), WANTED) is True

    assert heads(host) == {f"refs/heads/{name}": head for name in WANTED}


def test_branches_that_are_there_are_left_alone(host, checkout):
    """What an environment runs changes only by the user's own push."""
    first = commit(checkout, "one")
    git(checkout, "push", "-q", str(host), "HEAD:refs/heads/develop")
    commit(checkout, "two")

    assert branches.push(checkout, str(host), WANTED) is False

    assert heads(host) == {"refs/heads/develop": first}


def test_what_is_not_committed_is_not_pushed(host, checkout):
    """A branch is commits."""
    commit(checkout, "one")
    (checkout / "file").write_text("changed")

    branches.push(checkout, str(host), ["main"])

    assert git(host, "show", "main:file") == "one"


def test_a_checkout_without_a_commit_is_told_what_it_lacks(host, checkout):
    """There is nothing to push."""
    with pytest.raises(OpsError, match=r"^cannot prepare the local Git host: .*\n(.*\n)*\nhint: .*git commit$"):
        branches.push(checkout, str(host), WANTED)

    assert heads(host) == {}
