"""Secrets of one's own, such as API keys and DSNs: `set`, `list` and `remove` in the vault of an environment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC
from typing import Annotated

import typer

from console.errors import REFUSED, WRONG_USE, ExplainedError
from infra.config import Stack, secret_name
from ops import cloud, hidden, local, vault
from ops.cloud import Cloud
from ops.say import say
from ops.stacks import Environment, load
from ops.vault import Entry

secret = typer.Typer(help="Keep secrets of your own, such as API keys, and have them reach the services.")

Which = Annotated[Environment, typer.Argument(help="Which one.")]
Name = Annotated[str, typer.Argument(help="The variable that the services find it in.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it; the local cloud needs no --yes.")]


@secret.command("set", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def set_(
    context: typer.Context,
    environment: Which,
    name: Name,
    from_stdin: Annotated[bool, typer.Option("--stdin", help="Read the value from stdin, all its lines.")] = False,
    yes: Yes = False,
) -> None:
    """Set a secret's value, from a hidden prompt or from stdin. The services have it after the next `up`."""
    refuse_value(context.args, f"./slipway secret set {environment}")
    require_name(name)
    stack = load(environment)
    value = hidden.piped(f"{name} of {environment}", wanted=from_stdin)  # before anything else is given our stdin
    target = cloud.choose()
    if target.is_local:
        local.prepare(target)  # the key that values are encrypted with
    unlocked = vault.unlock(target, stack)
    known = unlocked.entry(name)
    would = f"{'replace' if known.is_set else 'set'} {name}"
    approve(target, stack, would, f"secret set {environment} {name}", yes=yes)
    unlocked.put(name, value or hidden.from_prompt(f"{name} of {environment}"))
    say(f"{name} of {environment} is {'replaced' if known.is_set else 'set'}")
    say(_next(stack, known))


@secret.command("list")
def list_(
    environment: Which,
    as_json: Annotated[bool, typer.Option("--json", help="Print data for programs.")] = False,
) -> None:
    """List secrets: declared or not, set or missing, and when they changed; never a value."""
    stack = load(environment)
    entries = vault.unlock(cloud.choose(), stack).entries()
    if as_json:
        print(json.dumps([shown(entry) for entry in entries], indent=1))
    else:
        width = max((len(entry.name) for entry in entries), default=0)
        for entry in entries:
            print(row(entry, width))
    for entry in entries:
        if not entry.is_set:
            say(f"{entry.name} is missing: ./slipway secret set {environment} {entry.name}")
        elif not entry.declared:
            say(f"{entry.name} reaches no service: it is not in cams:secrets of Pulumi.{environment}.yaml")
    if not entries:
        say(f"{environment} has none: name them in cams:secrets of Pulumi.{environment}.yaml")


@secret.command("remove")
def remove(environment: Which, name: Name, yes: Yes = False) -> None:
    """Remove a secret that the stack file no longer names."""
    stack = load(environment)
    if name in stack.secrets:
        raise ExplainedError(
            f"refused: cams:secrets in Pulumi.{environment}.yaml still names {name}, and no `up` goes on without it",
            hint=f"take it out there, ./slipway up {environment}, and run this again",
            code=REFUSED,
        )
    target = cloud.choose()
    unlocked = vault.unlock(target, stack)
    if not unlocked.entry(name).is_set:
        require_name(name)
        say(f"{name} of {environment} is not set: there is nothing to remove")
        return
    approve(target, stack, f"remove {name}", f"secret remove {environment} {name}", yes=yes)
    unlocked.remove(name)
    say(f"{name} of {environment} is removed; services that still have it lose it with the next ./slipway up")
    restore = f"aws secretsmanager restore-secret --secret-id {unlocked.place(name)}"
    say(f"for {unlocked.kept_days} days it can be brought back: {restore}")


def refuse_value(words: Sequence[str], command: str) -> None:
    """What follows the name would be the value; it is not repeated here."""
    if words:
        raise ExplainedError(
            "a value is never an argument: it would stay in the shell's history, and everybody on this machine "
            "can see it in the list of processes",
            hint=f"{command} NAME asks for it, and … --stdin reads it; if what you typed is real, have it replaced",
            code=WRONG_USE,
        )


def require_name(name: str) -> None:
    """A stack file's rule, before anything is asked for."""
    try:
        secret_name(name)
    except ValueError as error:
        raise ExplainedError(
            f"cannot keep a secret of that name: {error}", hint="./slipway secret set --help", code=WRONG_USE
        ) from error


def shown(entry: Entry) -> dict[str, str | bool | None]:
    """For programs."""
    changed = entry.changed.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if entry.changed else None
    return {"name": entry.name, "declared": entry.declared, "set": entry.is_set, "changed": changed}


def row(entry: Entry, width: int) -> str:
    """For people."""
    declared = "declared" if entry.declared else "not declared"
    changed = entry.changed.astimezone(UTC).strftime("set      %Y-%m-%d %H:%M:%S UTC") if entry.changed else "missing"
    return f"{entry.name:<{width}}  {declared:<12}  {changed}"


def _next(stack: Stack, entry: Entry) -> str:
    if entry.declared:
        return f"the services have it after: ./slipway up {stack.environment}"
    return f"it reaches no service yet: name it in cams:secrets of Pulumi.{stack.environment}.yaml"


def approve(target: Cloud, stack: Stack, what: str, words: str, *, yes: bool) -> None:
    """Nothing changes on real clouds without --yes."""
    if not (yes or target.is_local):
        raise ExplainedError(
            f"refused: this would {what} of {stack.environment} in AWS account {stack.aws.account}, "
            "and nothing there changes without --yes",
            hint=f"./slipway {words} --yes",
            code=REFUSED,
        )
