"""What a change of the files would do to an environment, and what it would cost."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from console.errors import WRONG_USE, ExplainedError
from infra.config import ENVIRONMENTS, Stack
from infra.load import from_file
from ops.context import Context
from ops.cost.bills import bills, dollars
from ops.environments import local
from ops.environments.stacks import load
from ops.pipeline.changes import Change, markdown, read
from ops.pipeline.checkout import Checkout
from ops.pipeline.declaring import UntoldError, changes_since
from ops.plans.planning import Planning, write
from ops.releases.passage import Passage

SHORT = 12
AGAINST = (
    "\nCompared is what the files declare here with what they declared at {}; no cloud was asked. What differs at "
    "Render and AWS from the files is told by the deploy's own preview, before it is approved."
)

UNTOLD = "**it is not known what would change**, because what {} declared cannot be told"


@dataclass(frozen=True)
class Preview:
    """Of one environment."""

    environment: str
    cost: Decimal | None
    """US dollars a month as it is declared; None where a price is not known."""
    before: Decimal | None = None
    """The same as it was declared at the revision that was named."""
    changes: tuple[Change, ...] | None = None
    """None: nobody was asked."""
    since: str = ""
    """What they were compared with: the files of this revision; empty: what is there."""
    untold: str = ""
    """Why it is not known what those declared."""

    def shown(self) -> dict[str, Any]:
        """For programs."""
        return {
            "environment": self.environment,
            "changes": None if self.changes is None else [change.shown() for change in self.changes],
            "usd_a_month": None if self.cost is None else float(self.cost),
            "usd_a_month_before": None if self.before is None else float(self.before),
        }

    def markdown(self) -> list[str]:
        """For a pull request."""
        cost = f"**Cost of {self.environment}** as declared: {dollars(self.cost)} USD a month"
        if self.cost is not None and self.before is not None:
            change = self.cost - self.before
            cost += f" (**{change:+.2f}**)" if change else ", as before"
        if self.untold:
            return [f"**{self.environment}**: {UNTOLD.format(self.since[:SHORT])}: {self.untold}", "", f"{cost}."]
        if self.changes is None:
            return [f"{cost}."]
        against = [AGAINST.format(self.since[:SHORT])] if self.since else []
        return [*markdown(self.environment, self.changes), "", f"{cost}.", *against]


def preview(
    context: Context,
    environment: str,
    *,
    refresh: bool = False,
    since: str = "",
    declared: bool = False,
    save: Path | None = None,
    keep: bool = False,
) -> Preview:
    """Ask Pulumi, which changes nothing; with `refresh` also what was changed behind its back.

    `declared` asks no cloud, only what the files say; `since` is a revision that the cost is compared with, and with
    `declared` everything else, too. What Pulumi told is what `up` will do where its plan is saved in a file, or kept
    for the deploy of this tree.
    """
    if declared and (save or keep):
        raise ExplainedError(
            "wrong words",
            "--declared asks no cloud, and a plan is of what is there",
            hint=f"./slipway preview {environment} --save FILE",
            code=WRONG_USE,
        )
    stack = load(environment)
    before = declared_at(Checkout(context.doors), since, environment) if since else None
    cost, earlier = _cost(stack), _cost(before) if before else None
    if declared:
        if not since:
            return Preview(environment, cost, earlier)
        try:
            return Preview(environment, cost, earlier, changes_since(context, environment, since), since)
        except UntoldError as error:
            return Preview(environment, cost, earlier, since=since, untold=str(error))
    cloud = context.doors.choose()
    if cloud.is_local:
        local.prepare(context, cloud, environment)
    if save or keep:
        clients = context.doors.aws(cloud, stack.aws.region)
        said = _planned(Planning(Passage(context, cloud, stack, clients)), save=save, keep=keep)
    else:
        said = context.doors.pulumi(cloud).preview(environment, refresh=refresh)
    return Preview(environment, cost, earlier, tuple(read(said)))


def _planned(planning: Planning, *, save: Path | None, keep: bool) -> dict[str, Any]:
    """The look at it was taken before the plan was made: what changes meanwhile makes the plan useless, not wrong."""
    context, environment = planning.passage.context, planning.passage.stack.environment
    bound = planning.bound(beside=save)
    with tempfile.TemporaryDirectory(prefix="slipway-plan-") as scratch:
        plan = Path(scratch) / "plan.json"
        said = context.doors.pulumi(planning.passage.cloud).preview(environment, save=plan)
        text = planning.seal(bound, plan.read_bytes())
    if save:
        write(save, text)
        context.output.say(f"saved; to carry out this and nothing else: ./slipway up {environment} --plan {save}")
    if keep:
        place = planning.kept.put(bound.tree, bound.release, text)
        context.output.say(f"kept at {place}; what carries it out: ./slipway up {environment} --kept")
    return said


def lines(every: Sequence[Change]) -> list[tuple[str, str, str, str]]:
    """Rows of a table, for people."""
    return [(one.operation, one.kind, one.name, ", ".join(one.properties)) for one in every]


def declared_at(checkout: Checkout, revision: str, environment: str) -> Stack | None:
    """The stack as its files were; None where there was none yet."""
    with tempfile.TemporaryDirectory() as scratch:
        for name in (f"Pulumi.{one}.yaml" for one in ENVIRONMENTS):
            if (text := checkout.file(revision, name)) is not None:
                (Path(scratch) / name).write_text(text)
        there = (Path(scratch) / f"Pulumi.{environment}.yaml").exists()
        return from_file(environment, Path(scratch)) if there else None


def _cost(stack: Stack) -> Decimal | None:
    return next(bill.total for bill in bills([stack]) if bill.name == stack.environment)
