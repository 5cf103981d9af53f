"""Where things are in a copy: by content, each once, and an inventory for each run."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

ENDING = ".jsonl.zst"
SEALED = f"{ENDING}.age"
STAMP = "%Y%m%dT%H%M%SZ"
ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}")


def new_id(now: datetime, newest: str = "") -> str:
    """Of a run: it sorts by time, and after all that there are, whatever another machine's clock said."""
    later = time_of(newest) + timedelta(seconds=1) if newest else now
    return f"{max(now, later).astimezone(UTC):{STAMP}}-{secrets.token_hex(3)}"


def time_of(run: str) -> datetime:
    """When the run with that id began."""
    return datetime.strptime(run.partition("-")[0], STAMP).replace(tzinfo=UTC)


def objects(environment: str, recipients: Sequence[str]) -> str:
    """What the places of all files begin with that are sealed for these recipients.

    For others each file is sealed, and so read, anew: who got a recovery key today opens what was kept before, too.
    """
    readers = hashlib.sha256("\n".join(sorted(recipients)).encode()).hexdigest()[:8]
    return f"{environment}/objects/{readers}/"


def of_content(below: str, sha256: str) -> str:
    """The place of a content, in folders that no file system is slow with."""
    return f"{below}{sha256[:2]}/{sha256}"


def inventories(environment: str, target: str) -> str:
    """What the places of all inventories of a target begin with: each target is a copy of its own."""
    return f"{environment}/copies/{hashlib.sha256(target.encode()).hexdigest()[:8]}/"


def inventory(environment: str, target: str, run: str, *, sealed: bool = False) -> str:
    """The place of a run's inventory, which is put last; another target than the backup bucket has it sealed."""
    return f"{inventories(environment, target)}{run}{SEALED if sealed else ENDING}"


def run_of(place: str) -> str | None:
    """The id of the run whose inventory that is; None for anything else."""
    found = ID.match(place.rpartition("/")[2])
    return found.group() if found and place.endswith((ENDING, SEALED)) else None
