"""Set, list and remove secrets of one's own: what is refused is refused before anything changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from console.errors import REFUSED, WRONG_USE, ExplainedError
from infra.application import APPLICATION
from infra.config import Stack
from infra.variables import secret_name
from ops.context import Context
from ops.environments import local
from ops.environments.approval import approve
from ops.environments.stacks import load
from ops.secrets import value
from ops.secrets.vault import Entry, unlock

SETTING = APPLICATION.names.setting("secrets")  # of a stack file: the names of those that its services have


@dataclass(frozen=True)
class Removed:
    """Where it was in the vault, and for how many days it can be brought back."""

    place: str
    days: int


def set_secret(context: Context, environment: str, name: str, *, from_stdin: bool, yes: bool) -> Entry:
    """Have the vault keep a value for it; returns what was known of it before."""
    stack, what = load(environment), f"{name} of {environment}"
    require_name(name, stack)
    given = value.piped(what, wanted=from_stdin, say=context.output.say)  # before anything else is given our stdin
    cloud = context.doors.choose()
    if cloud.is_local:
        local.prepare(context, cloud)  # the key that values are encrypted with
    vault = unlock(stack, context.doors.aws(cloud, stack.aws.region))
    known = vault.entry(name)
    would = f"{'replace' if known.is_set else 'set'} {name}"
    approve(cloud, stack, would, f"secret set {environment} {name}", yes=yes)
    vault.put(name, given or value.from_prompt(what, context.doors.ask))
    return known


def list_secrets(context: Context, environment: str) -> list[Entry]:
    """All that are declared or set."""
    stack = load(environment)
    return unlock(stack, context.doors.aws(context.doors.choose(), stack.aws.region)).entries()


def remove_secret(context: Context, environment: str, name: str, *, yes: bool) -> Removed | None:
    """Take out one that the stack file no longer names; None where it is not set."""
    stack = load(environment)
    if name in stack.kept_secrets:
        setting = SETTING if name in stack.secrets else APPLICATION.names.setting("companion")
        raise ExplainedError(
            "refused",
            f"{setting} in Pulumi.{environment}.yaml still wants {name}, and no `up` goes on without it",
            hint=f"take it out there, ./slipway up {environment}, and run this again",
            code=REFUSED,
        )
    cloud = context.doors.choose()
    vault = unlock(stack, context.doors.aws(cloud, stack.aws.region))
    if not vault.entry(name).is_set:
        require_name(name, stack)
        return None
    approve(cloud, stack, f"remove {name}", f"secret remove {environment} {name}", yes=yes)
    vault.remove(name)
    return Removed(vault.place(name), vault.kept_days)


def refuse_value(words: Sequence[str], command: str) -> None:
    """What follows the name would be the value; it is not repeated here."""
    if words:
        raise ExplainedError(
            "a value is never an argument",
            "it would stay in the shell's history, and everybody on this machine can see it in the list of processes",
            hint=f"{command} NAME asks for it, and … --stdin reads it; if what you typed is real, have it replaced",
            code=WRONG_USE,
        )


def require_name(name: str, stack: Stack) -> None:
    """A stack file's rule, before anything is asked for."""
    try:
        secret_name(name, stack.names)
    except ValueError as error:
        raise ExplainedError(
            "cannot keep a secret of that name", str(error), hint="./slipway secret set --help", code=WRONG_USE
        ) from error
