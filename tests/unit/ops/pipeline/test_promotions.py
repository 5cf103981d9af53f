"""The pull requests by which a release goes from branch to branch."""

from __future__ import annotations

import pytest

from console.errors import ExplainedError
from ops.environments.stacks import load_all
from ops.pipeline.facts import of, of_branch
from ops.pipeline.promotions import Step, brought, keep, steps
from tests.support.github_fake import GitHubFake

STACKS = load_all()


def bring(count: int) -> Step:
    """One from develop to staging with so many commits."""
    return Step(STACKS[0], STACKS[1], tuple(f"abc{number} Change {number}" for number in range(count)))


def test_a_step_without_commits_is_none() -> None:
    """Only where a branch has what the next has not."""
    found = steps(STACKS, lambda branch, without: ["abc1 More"] if branch == "staging" else [])

    assert [(step.source.branch, step.target.branch, step.commits) for step in found] == [
        ("staging", "main", ("abc1 More",))
    ]


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


def test_equal_trees_have_nothing_to_bring() -> None:
    """As after a squash: the commits are other ones, and what they make is the same."""
    trees = {"refs/remotes/origin/develop": "t1", "refs/remotes/origin/staging": "t1"}

    assert brought("develop", "staging", lambda branch, without: ["abc1 More"], trees.get) == []
    assert brought("staging", "main", lambda branch, without: ["abc1 More"], trees.get) == ["abc1 More"]
    with pytest.raises(ExplainedError, match="cannot compare the branch develop"):
        brought("develop", "staging", lambda branch, without: None, trees.get)


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
