"""A plan from the look at an environment to its `up`: made, kept, and carried out only where it still fits."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from console.errors import REFUSED, WRONG_USE, ExplainedError
from ops.doors import aws
from ops.doors.programs import ROOT
from ops.plans import seal
from ops.plans.bound import LISTED, Bound, difference, digests
from ops.plans.kept import Kept
from ops.releases.passage import Passage
from ops.secrets.vault import unlock

LONGEST = timedelta(days=7)
"""What somebody has looked at longer ago nobody has in mind any more."""


@dataclass(frozen=True)
class Planning:
    """Of one environment."""

    passage: Passage
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def bound(self, *, beside: Path | None = None) -> Bound:
        """What a plan that is made now is made on: files as they are committed, and everything as it is."""
        passage, stack = self.passage, self.passage.stack
        git = passage.context.doors.committed
        commit = git.head(ROOT)
        if changed := [path for path in git.uncommitted(ROOT) if beside is None or ROOT / path != beside.resolve()]:
            raise ExplainedError(
                "refused: the checkout has changes that are not committed",
                f"{', '.join(changed[:LISTED])}; a plan is of a commit",
                hint="git commit, or git stash",
                code=REFUSED,
            )
        pulumi = passage.context.doors.pulumi(passage.cloud)
        return Bound(
            environment=stack.environment,
            commit=commit.id,
            tree=commit.tree,
            release=self.release,
            secrets=unlock(stack, passage.clients).versions() if stack.kept_secrets else {},
            resources=digests(pulumi.resources(stack.environment)),
            engine=pulumi.version(),
            at=self.now().isoformat(),
            by=passage.by,
        )

    @property
    def tree(self) -> str:
        """What is checked out."""
        return self.passage.context.doors.committed.head(ROOT).tree

    @property
    def release(self) -> str:
        """The digest that is recorded; empty where nothing was released, or Render builds it."""
        found = self.passage.records.current() if self.passage.stack.source == "image" else None
        return found.digest if found else ""

    def seal(self, bound: Bound, plan: bytes) -> bytes:
        """For a file, or to be kept."""
        with self._told("seal"):
            return seal.sealed(self.passage.clients("kms"), self.passage.stack.names, bound, plan)

    def fitting(self, text: bytes, *, beside: Path | None = None) -> bytes:
        """Pulumi's plan, for a look and for `up`; refused with the difference where anything has changed since."""
        environment = self.passage.stack.environment
        with self._told("open"):
            planned, plan = seal.opened(self.passage.clients("kms"), self.passage.stack.names, text)
        if (age := self.now() - planned.when) > LONGEST:
            raise seal.unfit(
                environment, f"it is {age.days} days old, and after {LONGEST.days} it has to be made anew"
            )
        now = self.bound(beside=beside)
        if planned.engine != now.engine:
            why = f"Pulumi {planned.engine} has made it, and this is Pulumi {now.engine}"
            raise seal.unfit(environment, why)
        pending = self.passage.note.read()
        if pending and pending.phase == "going back":
            why, hint = "a release that failed is still on its way back", f"./slipway up {environment}"
            raise seal.unfit(environment, why, hint=hint)
        if told := difference(planned, now, self._files(planned, now)):
            since = f"it was made at {planned.when:%Y-%m-%d %H:%M} UTC by {planned.by}, and since then"
            raise seal.unfit(environment, "\n  ".join([f"{since} these have changed:", *told]))
        return plan

    @property
    def kept(self) -> Kept:
        """Those that wait for a merge."""
        return Kept(self.passage.stack, self.passage.clients("s3"))

    def _files(self, planned: Bound, now: Bound) -> list[str] | None:
        ask = self.passage.context.doors.git_answer
        said = ask(ROOT, "diff", "--name-only", "--no-renames", f"{planned.commit}^{{tree}}", now.tree, "--")
        return None if said is None else said.splitlines()

    def _told(self, what: str) -> AbstractContextManager[None]:
        return aws.told(f"cannot {what} a plan of {self.passage.stack.environment}")


def read(path: Path, environment: str) -> bytes:
    """A plan's file."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ExplainedError(
            f"cannot read the plan {path}",
            error.strerror or str(error),
            hint=f"./slipway preview {environment} --save {path}",
            code=WRONG_USE,
        ) from error


def write(path: Path, text: bytes) -> None:
    """Whole or not at all, for its owner alone."""
    draft = path.with_name(f".{path.name}.new")
    try:
        draft.touch(mode=0o600)
        draft.write_bytes(text)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
