"""Branches on the local Git host: pushed once, to a host that has none."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from console.errors import ExplainedError
from ops.environments import branches

WANTED = ["develop", "staging", "main"]


def git(folder: Path, *words: str) -> str:
    return subprocess.run(("git", *words), cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def commit(folder: Path, text: str) -> str:
    (folder / "file").write_text(text)
    git(folder, "add", "file")
    git(folder, "commit", "-q", "-m", text)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def host(tmp_path: Path) -> Path:
    folder = tmp_path / "repository.git"
    git(tmp_path, "init", "-q", "--bare", str(folder))
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "work")
    return folder


def push(checkout: Path, host: str, wanted: list[str]) -> bool:
    """Without a word."""
    return branches.push(checkout, host, wanted, lambda message: None)


def heads(host: Path) -> dict[str, str]:
    listed = git(host, "for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    return dict(line.split() for line in listed)


def test_an_empty_host_gets_head_as_every_branch(host: Path, checkout: Path) -> None:
    """Whatever the branch that is checked out is called."""
    head = commit(checkout, "one")

    assert push(checkout, str(host), WANTED) is True

    assert heads(host) == {f"refs/heads/{name}": head for name in WANTED}


def test_branches_that_are_there_are_left_alone(host: Path, checkout: Path) -> None:
    """What an environment runs changes only by the user's own push."""
    first = commit(checkout, "one")
    git(checkout, "push", "-q", str(host), "HEAD:refs/heads/develop")
    commit(checkout, "two")

    assert push(checkout, str(host), WANTED) is False

    assert heads(host) == {"refs/heads/develop": first}


def test_a_shallow_clone_gives_what_it_has_and_can_be_pushed_from(host: Path, checkout: Path, tmp_path: Path) -> None:
    """As CI systems make them."""
    commit(checkout, "one")
    commit(checkout, "two")
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", checkout.as_uri(), str(shallow))

    push(shallow, str(host), ["develop"])
    given = heads(host)
    after = commit(shallow, "three")
    git(shallow, "push", "-q", str(host), "HEAD:develop")

    assert given == {"refs/heads/develop": git(checkout, "rev-parse", "HEAD")}
    assert heads(host) == {"refs/heads/develop": after}
    assert git(host, "show", "develop:file") == "three"
    git(host, "fsck")


def test_a_partial_clone_gives_what_it_has_checked_out(host: Path, checkout: Path, tmp_path: Path) -> None:
    """Its history's files are elsewhere, and nobody is asked for them."""
    commit(checkout, "one")
    head = commit(checkout, "two")
    git(checkout, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--filter=blob:none", checkout.as_uri(), "partial")
    git(checkout, "config", "uploadpack.allowFilter", "false")

    push(tmp_path / "partial", str(host), ["develop"])
    after = commit(tmp_path / "partial", "three")
    git(tmp_path / "partial", "push", "-q", str(host), "HEAD:develop")

    assert git(host, "rev-list", "develop").splitlines() == [after, head]
    assert git(host, "show", "develop:file") == "three"


def test_what_is_not_committed_is_not_pushed(host: Path, checkout: Path) -> None:
    """A branch is commits."""
    commit(checkout, "one")
    (checkout / "file").write_text("changed")

    push(checkout, str(host), ["main"])

    assert git(host, "show", "main:file") == "one"


def test_a_checkout_without_a_commit_is_told_what_it_lacks(host: Path, checkout: Path) -> None:
    """There is nothing to push."""
    with pytest.raises(ExplainedError, match=r"^cannot prepare the local Git host: .*\n(.*\n)*\nhint: .*git commit$"):
        push(checkout, str(host), WANTED)

    assert heads(host) == {}


def test_the_repository_of_a_hook_that_runs_it_is_left_alone(
    host: Path, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git gives its hooks GIT_DIR: the branches come from this checkout and go to this host."""
    head = commit(checkout, "ours")
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    git(theirs, "init", "-q")
    first = commit(theirs, "theirs")
    monkeypatch.setenv("GIT_DIR", str(theirs / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(theirs))

    assert push(checkout, str(host), ["main"]) is True

    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_WORK_TREE")
    assert heads(host) == {"refs/heads/main": head}
    assert heads(theirs / ".git") == {"refs/heads/main": first}


def test_neither_the_users_git_nor_the_checkouts_hooks_are_asked(
    host: Path, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hook that refuses a push, a URL that is rewritten, signatures that are asked for, a template with hooks."""
    head = commit(checkout, "one")
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("pre-push", "pre-receive", "reference-transaction"):
        (hooks / name).write_text("#!/bin/sh\necho refused >&2\nexit 1\n")
        (hooks / name).chmod(0o755)
    config = tmp_path / "config"
    config.write_text(
        f'[core]\n hooksPath = {hooks}\n[url "https://example.com/"]\n insteadOf = {tmp_path}\n'
        "[push]\n gpgSign = true\n[transfer]\n fsckObjects = maybe\n"
    )
    git(checkout, "config", "core.hooksPath", str(hooks))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))

    push(checkout, str(host), ["develop"])

    monkeypatch.undo()
    assert heads(host) == {"refs/heads/develop": head}
