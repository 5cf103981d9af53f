"""`bootstrap`: what real accounts need, what that costs, and what exists once in each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from console.output import Output
from infra import load_preview
from ops.account import needs
from ops.account.needs import Need
from ops.account.prepare import account_steps
from ops.account.steps import MISSING, go_through
from ops.arguments import AsJson
from ops.context import Context
from ops.cost import bills, prices
from ops.cost.bills import Bill
from ops.environments.stacks import load_all
from ops.previews.account import account_steps as of_previews


def bootstrap(
    shell: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Make what is missing; the local cloud needs no --yes.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say what is needed and what it costs, and make what exists once per account, where it is missing."""
    context = Context.of(shell)
    output, doors = context.output, context.doors
    stacks = load_all()
    needed, monthly = needs.declared(stacks), bills.bills(stacks)
    if not as_json:
        _tell(output, "needed for real accounts", needed)
        _tell_bills(output, monthly)
    cloud = doors.choose()
    steps = account_steps(doors, cloud, stacks, output.say) + of_previews(doors, cloud, load_preview.shared())
    if not cloud.is_local:
        render = doors.render(cloud, on_wait=output.say)
        needed = needs.looked_at(needed, render, cloud.variables["RENDER_OWNER_ID"], stacks, doors.branch_exists)
        if not as_json:
            _tell(output, "\nlooked at", (need for need in needed if need.state != needs.UNSEEN))
    done = go_through(steps, make=yes or cloud.is_local, say=output.say)
    if as_json:
        output.json(_report(needed, monthly, done))
    else:
        output.line("\nonce per account")
        for what, state in done.items():
            output.line(f"{state:<8}  {what}")
    if MISSING in done.values():
        output.say("nothing changed; add --yes to make what is missing")


def _tell(output: Output, title: str, needed: Iterable[Need]) -> None:
    output.line(title)
    for need in needed:
        output.line(f"{need.state:<8}  {need.what}: {need.why}", hang=10)


def _tell_bills(output: Output, monthly: Iterable[Bill]) -> None:
    output.line("\nUS dollars a month as declared, without traffic and storage by use")
    output.line(f"({prices.SOURCE}, {prices.AS_OF})")
    for line in bills.lines(monthly):
        output.line(line, hang=bills.CONTENTS, flush=True)


def _report(needed: Iterable[Need], monthly: Iterable[Bill], done: dict[str, str]) -> dict[str, Any]:
    each = {bill.name: bill.shown() for bill in monthly}
    return {
        "needs": [need.shown() for need in needed],
        "monthly": {"source": prices.SOURCE, "as_of": prices.AS_OF, "bills": each},
        "account": done,
    }
