"""What `MEDIA_BACKUP_TARGET` may say: a bucket, a remote of rclone, a place of rsync, or a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from console.errors import WRONG_USE, ExplainedError
from ops.doors.media_programs import Rclone, Rsync, require
from ops.doors.media_store import BucketStore, FolderStore, Store
from ops.doors.objects import Objects

PREFIX = "media/"  # in the environment's backup bucket
VARIABLE = "MEDIA_BACKUP_TARGET"
FORMS = "s3://BUCKET/PREFIX, rclone:REMOTE:PATH, rsync:HOST:PATH, rsync:/FOLDER or /FOLDER"


@dataclass(frozen=True)
class Target:
    """Where the copy goes."""

    kind: Literal["s3", "rclone", "rsync", "folder"]
    where: str  # a bucket, a remote with its path, or a folder
    prefix: str = ""

    @property
    def shown(self) -> str:
        """As it is written."""
        start = {"s3": "s3://", "rclone": "rclone:", "rsync": "rsync:", "folder": ""}[self.kind]
        start = "" if self.where.startswith("rsync://") else start
        return f"{start}{self.where}" + (f"/{self.prefix}" if self.kind == "s3" else "")

    def is_own(self, backups: str) -> bool:
        """Whether it is where the environment's inventories are anyway."""
        return (self.kind, self.where, self.prefix) == ("s3", backups, PREFIX)


def parse(text: str, backups: str) -> Target:
    """As it is given; nothing is the environment's backup bucket."""
    if not text:
        return Target("s3", backups, PREFIX)
    if text.startswith("s3://"):
        bucket, _, prefix = text.removeprefix("s3://").partition("/")
        if bucket:
            return Target("s3", bucket, f"{prefix.strip('/')}/" if prefix.strip("/") else "")
    elif text.startswith("rclone:") and ":" in (where := text.removeprefix("rclone:")).lstrip("-:"):
        return Target("rclone", where)
    elif text.startswith("rsync:/") and not text.startswith("rsync://"):
        return Target("folder", text.removeprefix("rsync:"))
    elif text.startswith("rsync:") and (where := text.removeprefix("rsync:").lstrip("-")):
        return Target("rsync", text if where.startswith("//") else where)
    elif text.startswith("/"):
        return Target("folder", text)
    raise ExplainedError(f"cannot copy media to {text!r}", f"a target is {FORMS}", code=WRONG_USE)


def reach(target: Target, bucket: Callable[[str], Objects]) -> Store:
    """The door to it."""
    if target.kind == "s3":
        return BucketStore(bucket(target.where), target.prefix)
    if target.kind == "folder":
        return FolderStore(Path(target.where))
    require(target.kind)
    return Rclone(target.where) if target.kind == "rclone" else Rsync(target.where)
