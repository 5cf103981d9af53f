"""When a maintenance is meant to be over, as people say it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from console.errors import WRONG_USE, ExplainedError

UNITS = {"m": 1, "h": 60, "d": 24 * 60}


def moment(words: str, now: datetime) -> datetime:
    """`30m`, `2h`, `14:30` (the next one) or a date with a time, in UTC where it does not say."""
    if found := re.fullmatch(r"(\d{1,4})([mhd])", words):
        return now + timedelta(minutes=int(found[1]) * UNITS[found[2]])
    try:
        if re.fullmatch(r"\d{1,2}:\d\d", words):
            hour, minute = map(int, words.split(":"))
            today = now.astimezone(UTC).replace(hour=hour, minute=minute, second=0, microsecond=0)
            return today if today > now else today + timedelta(days=1)
        said = datetime.fromisoformat(words)
    except ValueError as error:
        raise _wrong(words, "it is no time") from error
    then = said if said.tzinfo else said.replace(tzinfo=UTC)
    if then <= now:
        raise _wrong(words, "that is over")
    return then


def _wrong(words: str, why: str) -> ExplainedError:
    return ExplainedError(
        f"cannot end a maintenance at `{words}`",
        why,
        hint="such as 30m, 2h, 14:30 or 2026-11-27T14:30Z",
        code=WRONG_USE,
    )
