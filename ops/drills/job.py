"""A drill in the environment's own job at Render, started and followed from outside; its report comes by the logs.

Whoever may deploy may not read backups: the job may, and what it writes to its log is what we are shown.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from console.errors import ExplainedError
from console.output import Say
from infra.config import Stack
from ops.doors.render import Render
from ops.drills.signature import Signed, is_sound, read, written
from render_api.errors import RenderError

JOB = "drill"
UNDER_WAY = frozenset({"pending", "running"})
LIMIT = 50 * 60.0  # seconds
PAUSE = 5.0
LATE = (0.0, 1.0, 3.0, 10.0)  # seconds: lines come to the logs a moment after the fact
WIDTH = 700  # characters of a line
LINE = re.compile(r"^drill report (\d+)/(\d+) (\S+)$")


def lines(signed: Signed) -> Iterator[str]:
    """The report as a job writes it to its log."""
    text = base64.b64encode(zlib.compress(written(signed), 9)).decode()
    pieces = [text[start : start + WIDTH] for start in range(0, len(text), WIDTH)]
    for number, piece in enumerate(pieces, 1):
        yield f"drill report {number}/{len(pieces)} {piece}"


def gathered(said: Iterable[str]) -> Signed | None:
    """The report that these lines are of, in whatever order; None while one is missing."""
    pieces: dict[int, str] = {}
    count = 0
    for line in said:
        if found := LINE.match(line.strip()):
            pieces[int(found[1])], count = found[3], int(found[2])
    if not count or len(pieces) != count:
        return None
    try:
        stored = zlib.decompress(base64.b64decode("".join(pieces[number + 1] for number in range(count))))
    except (ValueError, KeyError, zlib.error) as error:
        raise ExplainedError(
            "cannot read the report of the job", f"its lines in the log are damaged: {error}"
        ) from error
    return read(stored, "the report in the job's log")


def follow(
    render: Render, stack: Stack, owner: str, *, say: Say, wait: Callable[[float], None], clock: Callable[[], float]
) -> Signed:
    """Start one, wait for its end, and give its report; its last lines where there is none."""
    service = _service(render, stack, owner)
    command = f"python -m ops drill {stack.environment}"
    job = render.post(f"/services/{service}/jobs", {"startCommand": command})
    say(f"{stack.names.job(JOB)} runs `{command}` at Render")
    done, began = job, clock()
    while done.get("status", "pending") in UNDER_WAY:
        if clock() - began > LIMIT:
            raise ExplainedError(
                f"the drill of {stack.environment} does not end", f"it has run for {LIMIT / 60:g} min"
            )
        wait(PAUSE)
        done = render.get(f"/services/{service}/jobs/{job['id']}")
    said: list[str] = []
    for pause in LATE:
        wait(pause)
        said = list(_said(render, owner, str(job["id"]), str(job["createdAt"])))
        if signed := gathered(said):
            return _checked(signed, stack)
    raise ExplainedError(
        f"the drill of {stack.environment} has no report",
        f"the job {job['id']} has {done['status']}, and said last: {' | '.join(said[-5:]) or 'nothing'}",
    )


def _checked(signed: Signed, stack: Stack) -> Signed:
    if signed.signature and not is_sound(signed):
        raise ExplainedError(f"cannot trust the report of {stack.environment}", "its signature does not hold")
    return signed


def _service(render: Render, stack: Stack, owner: str) -> str:
    name = stack.names.job(JOB)
    for service in render.pages("/services", {"ownerId": owner, "name": name}, envelope="service"):
        if service["name"] == name:
            return str(service["id"])
    raise ExplainedError(
        f"cannot start a drill of {stack.environment}",
        f"there is no cron job {name}",
        hint=f"./slipway up {stack.environment}",
    )


def _said(render: Render, owner: str, job: str, since: str) -> Iterator[str]:
    """What the job wrote since then, oldest first, page by page: Render asks for that by the job, not its service."""
    query: dict[str, Any] = {"ownerId": owner, "resource": [job], "direction": "forward", "limit": 100}
    start = since
    while True:
        try:
            page = render.get("/logs", {**query, "startTime": start}) or {}
        except RenderError as error:
            raise ExplainedError("cannot read the log of the drill", str(error)) from error
        yield from (str(log["message"]) for log in page.get("logs") or [])
        following = page.get("nextStartTime")
        if not page.get("hasMore") or not following or following == start:
            return
        start = str(following)
