"""What was deleted with its data: an `up` makes it anew, and empty, only when it is told to, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from console.errors import REFUSED, ExplainedError
from infra.config import Stack
from ops.context import Doors
from ops.doors.cloud import Cloud
from ops.losses.at_aws import lost_at_aws
from ops.losses.at_render import lost_at_render
from ops.losses.given_up import accepted_names
from ops.losses.loss import Loss


def refuse(doors: Doors, cloud: Cloud, stack: Stack, accepted: Mapping[str, str]) -> None:
    """After an `up` that failed: say all that is gone with its data, and how to go on without it."""
    lost: list[Loss] = []
    with suppress(ExplainedError):  # then neither can be asked, and what failed has been told
        lost = lost_at_render(doors.pulumi(cloud).resources(stack.environment), doors.render(cloud, patience=60))
    _refuse("Render", lost, stack, accepted_names(accepted))
    refuse_at_aws(doors, cloud, stack, accepted)


def refuse_at_aws(doors: Doors, cloud: Cloud, stack: Stack, accepted: Mapping[str, str]) -> None:
    """The same of AWS: also before a refresh, which does not fail there."""
    lost: list[Loss] = []
    with suppress(ExplainedError):
        clients = doors.aws(cloud, stack.aws.region)
        lost = lost_at_aws(doors.pulumi(cloud).resources(stack.environment), clients, stack.aws.region)
    given_up = accepted_names(accepted)
    # Render's provider knows by itself what is accepted.
    _refuse("AWS", [loss for loss in lost if loss.name not in given_up], stack, given_up)


def _refuse(where: str, lost: Sequence[Loss], stack: Stack, given_up: Sequence[str]) -> None:
    if not lost:
        return
    words = " ".join(f"--recreate {name}" for name in sorted({*given_up, *(loss.name for loss in lost if loss.name)}))
    again = f"./slipway up {stack.environment} {words}".rstrip()
    hint = f"nothing of it is left there; to go on with new, empty ones: {again}"
    if rescues := [loss.rescue for loss in lost if loss.rescue]:
        hint = f"to keep it: {'; '.join(rescues)}; then {again}"
    told = "; ".join(loss.told for loss in lost)
    raise ExplainedError(f"refused: deleted at {where}, and not by Pulumi", told, hint=hint, code=REFUSED)
