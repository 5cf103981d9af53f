"""`local clock`: which time it is in the local cloud, and on to another."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from console.errors import WRONG_USE, ExplainedError
from console.output import Output
from localcloud.control import moving
from localcloud.machine import clock as time
from localcloud.machine.due import Happening

UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
SHOWN = "%Y-%m-%d %H:%M:%S UTC"


def clock(
    to: Annotated[str, typer.Argument(help="+3d, +90m, +1d12h, a time as 2027-01-31T08:00Z, or reset.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print data for programs.")] = False,
) -> None:
    """Show the local cloud's time, or move it on.

    What falls due on the way happens, each at its own time: cron jobs run, objects and secrets expire, alarms ring.
    The programs of the services keep the machine's time. `reset` puts the clock back to it.
    """
    output, happened = Output(), list[Happening]()
    if to == "reset":
        time.reset()
    elif to:
        _move(_aim(to, time.now()), output, happened)
    if as_json:
        output.json({**_shown(), "happened": [asdict(one) for one in happened]})
        return
    output.line(f"{time.now():{SHOWN}}{_ahead()}")
    counts = Counter((one.what, one.outcome) for one in happened)
    if counts:
        output.table(("what", "how", "times"), [(*kind, count) for kind, count in sorted(counts.items())])


def _move(aim: datetime, output: Output, happened: list[Happening]) -> None:
    def told(one: Happening) -> None:
        happened.append(one)
        detail = f" ({one.detail})" if one.detail else ""
        output.say(f"{one.at[:19].replace('T', ' ')}  {one.what} {one.name}: {one.outcome}{detail}")

    output.say(f"moving the local cloud's clock to {aim:{SHOWN}}")
    silent = moving.silent()
    if silent:
        why = "no cron job runs, and what is due in AWS happens at its next start"
        output.say(f"not running: {' and '.join(silent)}; {why}")
    try:
        moving.move(aim, told)
    except KeyboardInterrupt:
        raise ExplainedError(
            "interrupted",
            f"the clock stands at {time.now():{SHOWN}}, and all that was due by then has happened or has begun",
            hint=f"to go on: ./slipway local clock {aim:%Y-%m-%dT%H:%M:%SZ}",
        ) from None


def _aim(words: str, now: datetime) -> datetime:
    parts = re.fullmatch(r"\+((?:\d+[dhms])+)", words)
    try:
        if parts:
            amounts = re.findall(r"(\d+)([dhms])", parts[1])
            return now + sum((timedelta(**{UNITS[unit]: int(count)}) for count, unit in amounts), timedelta())
        aim = datetime.fromisoformat(words)
    except (ValueError, OverflowError) as error:
        why = "say how far, such as +3d, +90m or +1d12h, or a time such as 2027-01-31T08:00Z"
        raise ExplainedError(f"cannot move the clock to {words}", why, code=WRONG_USE) from error
    aim = aim if aim.tzinfo else aim.replace(tzinfo=UTC)
    if aim < now:
        raise ExplainedError(
            f"cannot move the clock to {words}",
            f"it moves forward only, and it is {now:{SHOWN}}",
            hint="back to the machine's time: ./slipway local clock reset",
            code=WRONG_USE,
        )
    return aim


def _shown() -> dict[str, Any]:
    return {"now": time.now().isoformat(), "ahead_seconds": time.ahead().total_seconds()}


def _ahead() -> str:
    ahead = time.ahead()
    return f", {timedelta(seconds=round(ahead.total_seconds()))} ahead of this machine" if ahead else ""
