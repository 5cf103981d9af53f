"""KMS keys: gone when their waiting period has ended, and rotated when their own period has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from localcloud.aws.services.kms import next_rotation
from localcloud.aws.state import backends
from localcloud.machine.due import Happening


class Keys:
    """Those that are on their way out, and those that rotate by themselves."""

    def next_due(self, now: datetime) -> datetime | None:
        """When the next one goes or is rotated."""
        moments = [ends for _, _, ends in _leaving()] + [moment for _, moment in _rotating()]
        return min(moments, default=None)

    def carry_out(self, now: datetime) -> list[Happening]:
        """Delete and rotate; what was encrypted before a rotation can be decrypted after it, as in AWS."""
        happened = []
        for backend, key, ends in _leaving():
            if ends <= now:
                backend.delete_key(key.id)
                happened.append(Happening(now.isoformat(), "deleted key", key.id, "done"))
        for key, moment in _rotating():
            if moment <= now:
                done = {"KeyId": key.id, "RotationDate": moment.timestamp(), "RotationType": "AUTOMATIC"}
                key.rotations.append(done)
                key.next_rotation = now + timedelta(days=key.rotation_days)
                happened.append(Happening(now.isoformat(), "rotated key", key.id, "done"))
        return happened


def _leaving() -> Iterator[tuple[Any, Any, datetime]]:
    for backend in backends("kms").values():
        for key in list(backend.keys.values()):
            if key.key_state == "PendingDeletion" and key.deletion_date:
                yield backend, key, key.deletion_date.replace(tzinfo=UTC)


def _rotating() -> Iterator[tuple[Any, datetime]]:
    for backend in backends("kms").values():
        for key in list(backend.keys.values()):
            moment = next_rotation(key)
            if moment and key.key_state == "Enabled":
                yield key, moment
