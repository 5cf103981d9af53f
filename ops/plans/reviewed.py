"""What `up` is held to: a plan in a file, one that was kept for this tree, or nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from console.errors import WRONG_USE, ExplainedError
from ops.pipeline import changes
from ops.plans.planning import Planning, read
from ops.releases.passage import Passage


@dataclass(frozen=True)
class Reviewed:
    """As the user named it."""

    file: Path | None = None
    kept: bool = False

    def require_alone(self, environment: str, *, others: bool) -> None:
        """A plan says everything that is to be done."""
        if (self.file is not None) + self.kept + (others and (self.file is not None or self.kept)) > 1:
            raise ExplainedError(
                "wrong words",
                "a plan says all that is done: --plan and --kept take no --refresh, no --recreate and not each other",
                hint=f"./slipway up {environment} --help",
                code=WRONG_USE,
            )
        if self.file is not None:
            read(self.file, environment)

    @contextmanager
    def plan(self, passage: Passage, what: str) -> Iterator[Path | None]:
        """Pulumi's plan in a file of its own, once it is sure that it still fits; None: there is none to keep to."""
        if self.file is None and not self.kept:
            yield None
            return
        with tempfile.TemporaryDirectory(prefix="slipway-plan-") as scratch:
            plan = Path(scratch) / "plan.json"
            try:
                self._write(Planning(passage), plan)
            except ExplainedError as error:
                passage.tell(what, outcome=str(error).partition("\n")[0])
                raise
            yield plan

    def _write(self, planning: Planning, plan: Path) -> None:
        context, environment = planning.passage.context, planning.passage.stack.environment
        if self.file is not None:
            plan.write_bytes(planning.fitting(read(self.file, environment), beside=self.file))
            context.output.say("the plan still fits: doing what it says, and nothing else")
            return
        tree, release = planning.tree, planning.release
        what = f"the tree {tree[:12]}" + (f" with the release {release[:19]}" if release else "")
        text = planning.kept.get(tree, release)
        if text is not None:
            plan.write_bytes(planning.fitting(text))
            planning.kept.remove(tree, release)
            context.output.say(f"doing what was planned for {what}, and nothing else")
            return
        context.output.say(f"no plan was kept for {what}; what is done instead:")
        said = context.doors.pulumi(planning.passage.cloud).preview(environment, save=plan)
        for line in changes.markdown(environment, changes.read(said)):
            context.output.say(line)


NOTHING = Reviewed()
