"""What was deleted with its data: an `up` makes it anew, and empty, only when it is told to, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from console.errors import REFUSED, WRONG_USE, ExplainedError
from infra import names
from infra.config import Stack
from ops import aws_losses
from ops.aws_losses import Loss
from ops.cloud import Cloud
from ops.outputs import resources
from render_api.client import HOST, Client
from render_api.errors import NotFound, RenderError

ACCEPTED = "RENDER_RECREATE"  # read by the provider: what may be made anew without its data
BUCKETS = ("backups", "media")
HOLDS = {
    "render:index:Environment": ("/environments", "environment", "everything that was in it"),
    "render:index:Postgres": ("/postgres", "database", "all its data and Render's backups of them"),
    "render:index:KeyValue": ("/key-value", "key-value store", "everything that was stored in it"),
}


def check(given_up: Sequence[str], stack: Stack) -> dict[str, str]:
    """What the provider is told of the names that are given up; only what holds data has one."""
    environment = stack.environment
    known = [environment, names.database(environment), names.cache(environment)]
    known += [names.bucket(environment, purpose, stack.aws.account) for purpose in BUCKETS]
    for name in given_up:
        if name not in known:
            raise ExplainedError(
                f"cannot recreate {name}: only what holds data is named, which here is {', '.join(known)}",
                hint=f"everything else is made anew by itself: ./slipway up {environment}",
                code=WRONG_USE,
            )
    return {ACCEPTED: ",".join(given_up)} if given_up else {}


def refuse(target: Cloud, stack: Stack, *, given_up: Mapping[str, str]) -> None:
    """After an `up` that failed: say all that is gone with its data, and how to go on without it."""
    _refuse("Render", _gone(target, stack.environment), stack, given_up)
    refuse_at_aws(target, stack, given_up=given_up)


def refuse_at_aws(target: Cloud, stack: Stack, *, given_up: Mapping[str, str]) -> None:
    """The same of AWS: also before a refresh, which does not fail there."""
    _refuse("AWS", aws_losses.losses(target, stack), stack, given_up)


def _refuse(where: str, lost: list[Loss], stack: Stack, given_up: Mapping[str, str]) -> None:
    accepted = [name for name in given_up.get(ACCEPTED, "").split(",") if name]
    if where == "AWS":  # Render's provider knows by itself what is accepted
        lost = [loss for loss in lost if loss.name not in accepted]
    if not lost:
        return
    words = " ".join(f"--recreate {name}" for name in sorted({*accepted, *(loss.name for loss in lost if loss.name)}))
    again = f"./slipway up {stack.environment} {words}".rstrip()
    hint = f"nothing of it is left there; to go on with new, empty ones: {again}"
    if rescues := [loss.rescue for loss in lost if loss.rescue]:
        hint = f"to keep it: {'; '.join(rescues)}; then {again}"
    told = "; ".join(loss.told for loss in lost)
    raise ExplainedError(f"refused: deleted at {where}, and not by Pulumi: {told}", hint=hint, code=REFUSED)


def _gone(target: Cloud, environment: str) -> list[Loss]:
    """What the state knows and Render does not; nothing where neither can be asked."""
    given, found = target.variables, []
    with suppress(ExplainedError, RenderError):
        client = Client(given.get("RENDER_API_KEY", ""), host=given.get("RENDER_HOST") or HOST, patience=60)
        for one in resources(target, environment):
            if one["type"] not in HOLDS or one.get("delete"):
                continue
            folder, noun, lost = HOLDS[one["type"]]
            try:
                client.get(f"{folder}/{one['id']}")
            except NotFound:
                name = one["inputs"]["name"]
                found.append(Loss(f"the {noun} {name} ({one['id']}), and with it {lost}", name))
    return found
