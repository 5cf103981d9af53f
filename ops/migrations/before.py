"""The release before: its code, taken from git, does what it does at a database, and what it cannot do is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from console.errors import WRONG_USE, ExplainedError
from infra.application import Application
from infra.config import Stack
from infra.release import Release
from ops.context import Context
from ops.doors.application import Django, StartError
from ops.doors.programs import ROOT
from ops.migrations.look import application

GET = "GET "  # how a request that failed begins
BODY = 200  # characters of an answer that is no good


@dataclass(frozen=True)
class Before:
    """What ran before: a commit, its Django, and what it serves."""

    ref: str
    django: Django
    application: Application
    same_packages: bool
    """Whether it has this checkout's packages, which it is run with here."""

    @property
    def requests(self) -> dict[str, int]:
        """What has to be answered, and how."""
        return dict(self.application.smoke) | {self.application.release: 200}

    def failures(self, database: str) -> dict[str, str]:
        """What it cannot do, by what that is: every model, then each request that a release has to answer."""
        found = {
            f"{one['model']}: {one['action']}": one["error"] for one in self.django.ask("exercise", database)
        }  # fmt: skip
        try:
            with self.django.serving(self.application.web, database, self.application.health) as web:
                for path, status in self.requests.items():
                    answer = web.get(path)
                    if answer.status != status:
                        said = " ".join(re.sub("<[^>]*>", " ", answer.body).split())[:BODY]
                        found[GET + path] = f"HTTP {answer.status} instead of {status}: {said}"
        except StartError as error:
            found["start"] = str(error)
        return found


@contextmanager
def release_before(context: Context, stack: Stack, release: Release | None, ref: str) -> Iterator[Before]:
    """The one that is named, else that of the environment's record, else the tip of its branch."""
    commit = _known(
        context, stack, ref or (release.commit if release and release.commit else _branch(context, stack))
    )
    root = stack.application.root
    with TemporaryDirectory(prefix="slipway-before-") as folder:
        context.doors.git_export(ROOT, commit, root, Path(folder))
        old = Path(folder, root)
        django = application(context, stack, old)
        yield Before(commit, django, stack.application, packages(old) == packages(ROOT / root))


def new_failures(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """What worked, and does not any more."""
    return {what: why for what, why in after.items() if what not in before}


def _branch(context: Context, stack: Stack) -> str:
    for ref in (f"refs/remotes/origin/{stack.branch}", f"refs/heads/{stack.branch}"):
        if commit := context.doors.git_answer(ROOT, "rev-parse", "--verify", f"{ref}^{{commit}}"):
            return commit
    raise ExplainedError(
        f"cannot tell which release runs in {stack.environment}",
        f"it has no record with a commit, and git knows no branch {stack.branch} here",
        hint="name its commit: --before REF",
        code=WRONG_USE,
    )


def _known(context: Context, stack: Stack, ref: str) -> str:
    if commit := context.doors.git_answer(ROOT, "rev-parse", "--verify", "--short=12", f"{ref}^{{commit}}"):
        return commit
    raise ExplainedError(
        f"cannot take the code that runs in {stack.environment}",
        f"git knows no commit {ref} here",
        hint="git fetch --all (in a shallow checkout: git fetch --unshallow); or name another: --before REF",
        code=WRONG_USE,
    )


def packages(root: Path) -> str:
    """The list of those that an application has."""
    path = root / "requirements.txt"
    return path.read_text() if path.exists() else ""
