"""The pull requests by which a release goes from branch to branch."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from console.errors import ExplainedError
from ops.context import Doors
from ops.doors.git import answer
from ops.environments.stacks import load_all
from ops.pipeline.checkout import Checkout
from ops.pipeline.facts import of, of_branch
from ops.pipeline.promotions import Step, brought, keep, steps
from tests.support.github_fake import GitHubFake

STACKS = load_all()


def bring(count: int) -> Step:
    """One from develop to staging with so many commits."""
    return Step(STACKS[0], STACKS[1], tuple(f"abc{number} Change {number}" for number in range(count)))


def test_a_pull_request_is_opened_once_and_then_kept_up_to_date() -> None:
    """One that says what it should is left alone, and so is one that somebody has opened by hand."""
    step = bring(2)
    body = {"title": "Promote develop to staging", "body": step.text()}
    head = {"head": {"ref": "develop"}, "html_url": "there"}
    nothing, old = GitHubFake(), GitHubFake({"pulls": [{**head, "number": 5, **body, "body": bring(1).text()}]})
    same = GitHubFake({"pulls": [{**head, "number": 5, **body}]})
    own = GitHubFake({"pulls": [{**head, "number": 5, "title": "Mine", "body": "by hand"}]})

    for github in (nothing, old, same, own):
        keep(github, step)

    assert nothing.made == [("POST", "pulls", {**body, "head": "develop", "base": "staging"})]
    assert old.made == [("PATCH", "pulls/5", body)]
    assert same.made == own.made == []
    assert "- abc0 Change 0\n- abc1 Change 1\n" in step.text()


def test_a_pull_request_that_brings_nothing_any_more_is_closed() -> None:
    """Ours alone; and none is opened."""
    step, body = bring(0), {"title": "Promote develop to staging", "body": bring(1).text()}
    pull = {"head": {"ref": "develop"}, "html_url": "there", "number": 5}
    nothing, ours = GitHubFake(), GitHubFake({"pulls": [{**pull, **body}]})
    own = GitHubFake({"pulls": [{**pull, "title": "Mine", "body": "by hand"}]})

    addresses = [keep(github, step) for github in (nothing, ours, own)]

    assert [bool(address) for address in addresses] == [False, True, True]
    assert ours.made == [("PATCH", "pulls/5", {"state": "closed"})]
    assert nothing.made == own.made == []


class Repository:
    """A real one, whose branches are what a checkout of every branch has as those of its remote."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.git("init", "--quiet", "--initial-branch=work")
        self.commit("a", "base")
        for stack in STACKS:
            self.set(stack.branch)

    def git(self, *words: str) -> str:
        who = ("-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
        command = ["git", "-C", str(self._folder), *who, *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def set(self, branch: str) -> None:
        """Have it where HEAD is."""
        self.git("update-ref", f"refs/remotes/origin/{branch}", "HEAD")

    def at(self, branch: str) -> None:
        """Have HEAD where it is."""
        self.git("checkout", "--quiet", "--detach", f"refs/remotes/origin/{branch}")

    def commit(self, name: str, text: str) -> None:
        """A file with that text."""
        (self._folder / name).write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", f"{name} {text}")

    def change(self, branch: str, name: str, text: str) -> None:
        """A commit on a branch."""
        self.at(branch)
        self.commit(name, text)
        self.set(branch)

    def merge(self, branch: str, into: str, *, squash: bool = False) -> None:
        """As GitHub's button does."""
        self.at(into)
        ways = ("--squash",) if squash else ("--no-ff", "--message", "merged")
        self.git("merge", "--quiet", *ways, f"refs/remotes/origin/{branch}")
        if squash:
            self.git("commit", "--quiet", "--message", "squashed")
        self.set(into)

    def steps(self) -> dict[str, list[str]]:
        """What each pull request that is to be open brings, in the order of the alphabet."""
        doors = replace(Doors(), git_answer=lambda _, *words: answer(self._folder, *words))
        found = steps(STACKS, partial(brought, Checkout(doors)))
        brings = [step for step in found if step.commits]
        return {step.title: sorted(line.partition(" ")[2] for line in step.commits) for step in brings}


@pytest.mark.parametrize("squash", [False, True], ids=["merged", "squashed"])
def test_a_change_goes_onward_step_by_step(tmp_path: Path, *, squash: bool) -> None:
    """One pull request at a time, and none once prod has it: also where squashes have made other commits of it."""
    there = Repository(tmp_path)

    there.change("develop", "a", "one")
    first = there.steps()
    there.merge("develop", "staging", squash=squash)
    second = there.steps()
    there.merge("staging", "main", squash=squash)

    assert first == {"Promote develop to staging": ["a one"]}
    assert second == {"Promote staging to main": ["squashed" if squash else "a one"]}
    assert there.steps() == {}


def test_a_hotfix_comes_back(tmp_path: Path) -> None:
    """From main to develop, until develop has it: merged, or as a commit of its own."""
    there = Repository(tmp_path)
    there.change("develop", "a", "one")

    there.change("main", "b", "mended")
    fixed = there.steps()
    there.merge("main", "develop")
    merged = there.steps()
    there.change("main", "c", "mended")
    there.change("develop", "c", "mended")
    picked = there.steps()

    assert fixed == {"Promote develop to staging": ["a one"], "Bring main back to develop": ["b mended"]}
    assert merged == {"Promote develop to staging": ["a one", "b mended"]}
    assert sorted(picked) == ["Promote develop to staging"]


def test_a_hotfix_of_staging_comes_back_once(tmp_path: Path) -> None:
    """From where it has got to: main, as soon as it is there."""
    there = Repository(tmp_path)

    there.change("staging", "b", "mended")
    before = there.steps()
    there.merge("staging", "main")

    assert before == {"Promote staging to main": ["b mended"], "Bring staging back to develop": ["b mended"]}
    assert there.steps() == {"Bring main back to develop": ["b mended"]}


def test_what_takes_a_person_is_proposed(tmp_path: Path) -> None:
    """Two that have changed the same line; what undoes a change of develop's comes back, too."""
    there = Repository(tmp_path)
    there.change("develop", "a", "one")
    there.merge("develop", "main")

    there.change("main", "a", "base")
    undone = there.steps()
    there.change("develop", "a", "two")

    assert undone["Bring main back to develop"] == ["a base"]
    assert there.steps()["Bring main back to develop"] == ["a base"]


def test_a_branch_that_is_not_there_is_told(tmp_path: Path) -> None:
    """As in a checkout of one branch."""
    there = Repository(tmp_path)
    there.git("update-ref", "-d", "refs/remotes/origin/develop")

    with pytest.raises(ExplainedError, match="cannot compare the branch develop"):
        there.steps()


def test_what_was_tested_is_told_by_its_tree() -> None:
    """Prod promotes what staging runs, where the tree is that of its branch; what no image is made of is built."""
    dev, staging, prod = STACKS
    same = {"HEAD": "t1", "refs/remotes/origin/staging": "t1", "refs/remotes/origin/develop": "t1"}
    other = same | {"HEAD": "t2"}

    assert of_branch("main", STACKS) is prod
    assert [of(stack, STACKS, same.get).promotes for stack in (dev, staging, prod)] == [False, False, True]
    assert of(prod, STACKS, other.get).promotes is False
    assert of(prod, STACKS, lambda revision: None).promotes is False
    with pytest.raises(ExplainedError, match="no environment tracks the branch feature"):
        of_branch("feature", STACKS)
