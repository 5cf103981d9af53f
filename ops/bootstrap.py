"""Make what exists once per account: Pulumi's state bucket and key, the OIDC providers, Render's project.

Each step first looks whether its thing is there, so that the same command can be repeated at any time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer

from console.errors import WRONG_USE, ExplainedError
from infra import names
from infra.config import ENVIRONMENTS
from ops import account, aws, cloud, cost, needs, prices
from ops.account import Step
from ops.cloud import Cloud
from ops.cost import Bill
from ops.needs import Need
from ops.say import hanging, say
from ops.stacks import load
from render_api.client import HOST, Client

Connect = Callable[[Cloud, str], Callable[[str], Any]]


def bootstrap(
    yes: Annotated[bool, typer.Option("--yes", help="Make what is missing; the local cloud needs no --yes.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print data for programs.")] = False,
) -> None:
    """Say what is needed and what it costs, and make what exists once per account, where it is missing."""
    stacks = [load(environment) for environment in ENVIRONMENTS]
    needed, bills = needs.declared(stacks), cost.bills(stacks)
    if not as_json:
        _tell("needed for real accounts", needed)
        print("\nUS dollars a month as declared, without traffic and storage by use")
        print(f"({prices.SOURCE}, {prices.AS_OF})")
        print("\n".join(hanging(line, cost.CONTENTS) for line in cost.lines(bills)), flush=True)
    target = cloud.choose()
    steps = _steps(target, clients)
    if not target.is_local:
        given = target.variables
        needed = needs.looked_at(needed, _render(given), given["RENDER_OWNER_ID"], stacks, needs.branch_exists)
        if not as_json:
            _tell("\nlooked at", [need for need in needed if need.state != needs.UNSEEN])
    done = account.go_through(steps, make=yes or target.is_local)
    if as_json:
        print(json.dumps(_report(needed, bills, done), indent=1))
    else:
        print("\nonce per account")
        for what, state in done.items():
            print(f"{state:<8}  {what}")
    if "missing" in done.values():
        say("nothing changed; add --yes to make what is missing")


def clients(target: Cloud, region: str) -> Callable[[str], Any]:
    """Makes clients in one region with the credentials of that cloud."""
    return aws.clients(region, path_style=target.is_local)


def _tell(title: str, needed: list[Need]) -> None:
    print(title)
    for need in needed:
        print(hanging(f"{need.state:<8}  {need.what}: {need.why}", 10))


def _report(needed: list[Need], bills: list[Bill], done: dict[str, str]) -> dict[str, Any]:
    monthly = {bill.name: bill.shown() for bill in bills}
    return {
        "needs": [need.shown() for need in needed],
        "monthly": {"source": prices.SOURCE, "as_of": prices.AS_OF, "bills": monthly},
        "account": done,
    }


def prepare(target: Cloud, *, make: bool = True, connect: Connect = clients) -> dict[str, str]:
    """Go through the steps; returns for each what it was: `there`, `made` or `missing`."""
    return account.go_through(_steps(target, connect), make=make)


def _steps(target: Cloud, connect: Connect) -> list[Step]:
    """All of them, once it is sure that every credential is there and belongs to the right account."""
    given = target.variables
    owner, key = given.get("RENDER_OWNER_ID"), given.get("RENDER_API_KEY")
    if not owner or not key:
        raise ExplainedError(
            "cannot reach Render: RENDER_API_KEY or RENDER_OWNER_ID is not set",
            hint="export both (dashboard → Account Settings → API Keys; the workspace's id starts with tea-)",
            code=WRONG_USE,
        )
    steps = [account.render_project(_render(given), owner)]
    stacks = [load(environment) for environment in ENVIRONMENTS]
    for number, region in sorted({(stack.aws.account, stack.aws.region) for stack in stacks}):
        client = connect(target, region)
        account.require_account(client("sts"), number)
        steps += [
            account.state_key(client("kms"), number),
            account.state_bucket(client("s3"), number, region),
            account.oidc_provider(client("iam"), number, names.GITHUB_ISSUER, "GitHub"),
            account.oidc_provider(client("iam"), number, names.render_issuer(owner), "Render"),
        ]
    return steps


def _render(given: Mapping[str, str]) -> Client:
    return Client(given["RENDER_API_KEY"], host=given.get("RENDER_HOST") or HOST, on_wait=say)
