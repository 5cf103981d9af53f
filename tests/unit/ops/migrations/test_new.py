"""Which migrations are new, by git and by what is released."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.errors import WRONG_USE, ExplainedError
from ops.environments.stacks import load_all
from ops.migrations.new import New, next_branch, since_commit

CHECKOUT = Path("/checkout")


class Git:
    """Answers what it is told to."""

    def __init__(self, **answers: str) -> None:
        self.answers = {name.replace("__", " "): answer for name, answer in answers.items()}
        self.branches: dict[str, str] = {}
        self.here = ""
        self.files: list[str] | None = []

    def __call__(self, checkout: Path, *words: str) -> str | None:
        if words[0] == "ls-tree":
            return None if self.files is None else "\n".join(self.files)
        if words[0] == "branch":
            return self.here
        return self.branches.get(words[-1])


def described(app: str, name: str, folder: str = "/checkout/app") -> dict[str, object]:
    """A migration of a file."""
    return {"app": app, "name": name, "file": f"{folder}/{app}/migrations/{name}.py"}


def test_new_is_whose_file_the_commit_has_not() -> None:
    """What packages bring is not in git."""
    git = Git()
    git.files = ["app/exams/migrations/0001_initial.py", "app/manage.py"]
    tree = [
        described("exams", "0001_initial"),
        described("exams", "0002_more"),
        described("auth", "0001_initial", "/checkout/.venv/lib"),
        described("auth", "0002_more", "/usr/lib/python3"),
    ]

    assert since_commit(git, CHECKOUT, "abc", tree) == New(("exams.0002_more",), "abc", "abc")


def test_a_commit_that_git_does_not_know_is_told_with_what_to_do() -> None:
    """A shallow checkout has few."""
    git = Git()
    git.files = None

    with pytest.raises(ExplainedError, match="cannot tell what is new since abc") as error:
        since_commit(git, CHECKOUT, "abc", [])

    assert error.value.code == WRONG_USE
    assert "--unshallow" in str(error.value)


@pytest.mark.parametrize(
    ("here", "known", "expected"),
    [
        ("feature", ["refs/remotes/origin/develop", "refs/remotes/origin/main"], "refs/remotes/origin/develop"),
        ("feature", ["refs/heads/develop", "refs/remotes/origin/main"], "refs/heads/develop"),
        ("develop", ["refs/heads/develop", "refs/heads/staging", "refs/heads/main"], "refs/heads/staging"),
        ("staging", ["refs/heads/develop", "refs/heads/main"], "refs/heads/main"),
        ("main", ["refs/heads/main"], "refs/heads/main"),
        ("", ["refs/remotes/origin/main"], "refs/remotes/origin/main"),
    ],
)
def test_without_a_commit_it_is_where_the_branch_of_the_environment_after_was_left(
    here: str, known: list[str], expected: str
) -> None:
    """A branch of no environment goes to the first."""
    git = Git()
    git.here, git.branches = here, {ref: ref for ref in known}

    assert next_branch(git, CHECKOUT, load_all()) == expected


def test_where_git_knows_none_of_the_branches_a_commit_has_to_be_named() -> None:
    """Nothing is guessed."""
    with pytest.raises(ExplainedError, match="develop, staging, main") as error:
        next_branch(Git(), CHECKOUT, load_all())

    assert error.value.code == WRONG_USE
