"""Which events start a workflow."""

from __future__ import annotations

import pytest

from localcloud.github.runs.triggers import Happened, matches, schedules, starts
from localcloud.github.runs.workflow import WorkflowError, read

JOBS = "\njobs: {one: {runs-on: x, steps: []}}\n"


def push(ref: str, *paths: str) -> Happened:
    """One that changed these files."""
    return Happened("push", ref, paths=paths)


def pull(base: str, action: str, *paths: str) -> Happened:
    """A pull request to that branch."""
    return Happened("pull_request", f"refs/heads/{base}", action, paths)


@pytest.mark.parametrize(
    ("on", "event", "expected"),
    [
        ("push", push("refs/heads/any"), True),
        ("[push, pull_request]", push("refs/tags/v1"), True),
        ("{push: {branches: [develop, main]}}", push("refs/heads/main"), True),
        ("{push: {branches: [develop, main]}}", push("refs/heads/mains"), False),
        ("{push: {branches: [main]}}", push("refs/tags/main"), False),
        ("{push: {tags: ['v*']}}", push("refs/tags/v1.2"), True),
        ("{push: {tags: ['v*']}}", push("refs/heads/v1"), False),
        ("{push: {branches-ignore: ['wip/**']}}", push("refs/heads/wip/a/b"), False),
        ("{push: {branches: ['**', '!wip/*']}}", push("refs/heads/wip/a"), False),
        ("{push: {paths: ['app/**', '!app/docs/**']}}", push("refs/heads/x", "app/docs/a.md"), False),
        ("{push: {paths: ['app/**', '!app/docs/**']}}", push("refs/heads/x", "app/docs/a.md", "app/b.py"), True),
        ("{push: {paths-ignore: ['**.md']}}", push("refs/heads/x", "a.md", "docs/b.md"), False),
        ("{push: {paths-ignore: ['**.md']}}", push("refs/heads/x", "a.md", "b.py"), True),
        ("pull_request", pull("main", "opened"), True),
        ("pull_request", pull("main", "closed"), False),
        ("{pull_request: {types: [closed]}}", pull("main", "closed"), True),
        ("{pull_request: {branches: [staging]}}", pull("main", "opened"), False),
        ("{workflow_dispatch: {}}", push("refs/heads/main"), False),
    ],
)
def test_filters_decide(on: str, event: Happened, expected: bool) -> None:
    """Branches, tags, paths and kinds of activity, each as GitHub documents it."""
    assert starts(read("one.yml", f"on: {on}{JOBS}"), event) is expected


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("*", "a", True),
        ("*", "a/b", False),
        ("**", "a/b", True),
        ("**/b.py", "b.py", True),
        ("**/b.py", "x/y/b.py", True),
        ("v[12].[0-9]+", "v1.23", True),
        ("v[12].[0-9]+", "v3.1", False),
        ("*.jsx?", "page.js", True),
        ("a.b", "axb", False),
    ],
)
def test_patterns_are_githubs(pattern: str, name: str, expected: bool) -> None:
    """A star stops at a slash, two do not."""
    assert matches(pattern, name) is expected


def test_schedules_are_read() -> None:
    """Each with its five fields."""
    assert schedules(read("one.yml", f"on: {{schedule: [{{cron: '17 3 * * *'}}]}}{JOBS}")) == ["17 3 * * *"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("on: push", "it has no jobs"),
        ("on: [", "one.yml: while parsing"),
        ("on: push\njobs: {a: {needs: b}, b: {needs: [a]}}", "a, b need each other"),
        ("on: push\njobs: {a: {needs: c}}", "needs c, which is no job of it"),
    ],
)
def test_a_file_that_cannot_be_run_says_why(text: str, why: str) -> None:
    """GitHub shows it as a run that did not start."""
    with pytest.raises(WorkflowError, match=why):
        read("one.yml", text)
