"""Bring the preview of a pull request up, or up to date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from console.errors import REFUSED, ExplainedError
from infra import load_preview
from infra.preview import Preview
from ops.cost import bills
from ops.doors.programs import InterruptedRunError
from ops.previews.known import Known, known, of
from ops.previews.place import Place
from ops.previews.pulls import Pull

OPTIONS = ("--suppress-outputs", "--yes", "--skip-preview")
DAYS_A_MONTH = 30


@dataclass(frozen=True)
class Report:
    """What is up."""

    known: Known
    days: int
    usd_a_month: Decimal | None
    seconds: float

    @property
    def usd(self) -> Decimal | None:
        """Until it is removed."""
        return None if self.usd_a_month is None else self.usd_a_month * self.days / DAYS_A_MONTH

    def shown(self) -> dict[str, Any]:
        """For people and for programs."""
        cost = None if self.usd_a_month is None else float(self.usd_a_month)
        return {"url": self.known.url, **self.known.shown(), "usd_a_month": cost, "seconds": self.seconds}


def bring_up(place: Place, pull: Pull) -> Report:
    """Have Pulumi make what is missing and Render build what the pull request proposes."""
    pull.require()
    clock = place.context.clock
    began, days = clock(), place.shared.days
    _require_room(place, pull.number)
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)
    preview, text = load_preview.one(_given(pull, until))
    place.write(pull.number, text)
    place.context.output.say(f"bringing up {preview.stack} ({pull.branch}) on {place.cloud.name}")
    place.pulumi.make_stack(preview.stack, key=place.key)
    _pulumi_up(place, preview)
    found = of(pull.number, place.pulumi.resources(preview.stack))
    return Report(found, days, bills.preview(preview).total, round(clock() - began, 1))


def _given(pull: Pull, until: datetime) -> Mapping[str, str]:
    number = str(pull.number)
    return {"branch": pull.branch, "commit": pull.commit, "pull": number, "until": until.isoformat()}


def _require_room(place: Place, number: int) -> None:
    """Each costs money, and Render takes 20 creates an hour, of which one needs six."""
    others = [one.stack for one in known(place.pulumi) if one.pull != number]
    if len(others) >= place.shared.at_once:
        raise ExplainedError(
            f"pull request {number} gets no preview",
            f"there are {len(others)} already, as many as Pulumi.preview.yaml allows: {', '.join(others)}",
            hint="./slipway previews list, then ./slipway previews remove NUMBER",
            code=REFUSED,
        )


def _pulumi_up(place: Place, preview: Preview) -> None:
    again = f"./slipway previews up {preview.pull}"
    try:
        code = place.pulumi.up(preview.stack, OPTIONS, {})
    except InterruptedRunError as error:
        raise ExplainedError(f"{preview.stack} is not up", "interrupted", hint=f"to go on: {again}") from error
    if code != 0:
        raise ExplainedError(
            f"{preview.stack} is not up",
            f"`pulumi up` ended with exit code {code}, see above",
            hint=f"push what mends it, or: {again}; to be rid of it: ./slipway previews remove {preview.pull}",
        )
