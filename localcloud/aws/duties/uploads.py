"""Layers whose upload to the registry was begun and never finished leave the disk after a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from localcloud.aws.duties.daily import Daily
from localcloud.machine import clock
from localcloud.machine.due import Happening
from localcloud.machine.paths import folder

KEPT = timedelta(days=1)


class Uploads(Daily):
    """The registry's files of unfinished uploads."""

    def has_work(self) -> bool:
        """Whether any upload is under way."""
        return bool(_files())

    def work(self, now: datetime) -> list[Happening]:
        """Delete what nobody has written to for a day of the cloud's time."""
        old = [file for file in _files() if _written(file) + KEPT <= now]
        for file in old:
            file.unlink(missing_ok=True)
        return [Happening(now.isoformat(), "gave up upload", file.name[-36:], "done") for file in old]


def _files() -> list[Path]:
    return list(folder("aws", "registry", "uploads").iterdir())


def _written(file: Path) -> datetime:
    return clock.virtual_at(datetime.fromtimestamp(file.stat().st_mtime, UTC))
