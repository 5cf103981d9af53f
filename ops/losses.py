"""What was deleted at Render with its data: an `up` makes it anew, and empty, only when it is told to, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from infra import names
from infra.config import Environment
from ops.cloud import Cloud
from ops.errors import REFUSED, WRONG_USE, OpsError
from ops.outputs import resources
from render_api.client import HOST, Client
from render_api.errors import NotFound, RenderError

ACCEPTED = "RENDER_RECREATE"  # read by the provider: what may be made anew without its data
HOLDS = {
    "render:index:Environment": ("/environments", "environment", "everything that was in it"),
    "render:index:Postgres": ("/postgres", "database", "all its data and Render's backups of them"),
    "render:index:KeyValue": ("/key-value", "key-value store", "everything that was stored in it"),
}


def check(given_up: Sequence[str], environment: Environment) -> dict[str, str]:
    """What the provider is told of the names that are given up; only what holds data has one."""
    known = [environment, names.database(environment), names.cache(environment)]
    for name in given_up:
        if name not in known:
            raise OpsError(
                f"cannot recreate {name}: only what holds data is named, which here is {', '.join(known)}",
                hint=f"everything else is made anew by itself: ./slipway up {environment}",
                code=WRONG_USE,
            )
    return {ACCEPTED: ",".join(given_up)} if given_up else {}


def refuse(target: Cloud, environment: str, *, given_up: Mapping[str, str]) -> None:
    """After an `up` that failed: say all that is gone with its data, and how to go on without it."""
    gone = _gone(target, environment)
    if not gone:
        return
    wanted = {*gone, *(name for name in given_up.get(ACCEPTED, "").split(",") if name)}
    words = " ".join(f"--recreate {name}" for name in sorted(wanted))
    raise OpsError(
        "refused: deleted at Render, and not by Pulumi: " + "; ".join(gone.values()),
        hint=f"nothing of it is left there; to go on with new, empty ones: ./slipway up {environment} {words}",
        code=REFUSED,
    )


def _gone(target: Cloud, environment: str) -> dict[str, str]:
    """By name, what the state knows and Render does not; nothing where neither can be asked."""
    given, found = target.variables, {}
    with suppress(OpsError, RenderError):
        client = Client(given.get("RENDER_API_KEY", ""), host=given.get("RENDER_HOST") or HOST, patience=60)
        for one in resources(target, environment):
            if one["type"] not in HOLDS or one.get("delete"):
                continue
            folder, noun, lost = HOLDS[one["type"]]
            try:
                client.get(f"{folder}/{one['id']}")
            except NotFound:
                name = one["inputs"]["name"]
                found[name] = f"the {noun} {name} ({one['id']}), and with it {lost}"
    return found
