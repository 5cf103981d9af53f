"""How long a version must stay: its retention and its legal hold. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.utils import parse_timestamp

from localcloud.aws.services.s3.errors import invalid_argument, protected
from localcloud.machine import clock

MODES = ("GOVERNANCE", "COMPLIANCE")
MODE, UNTIL, HOLD = (f"x-amz-object-lock-{name}" for name in ("mode", "retain-until-date", "legal-hold"))


@dataclass(frozen=True)
class Retention:
    """Nobody deletes the version before that time: COMPLIANCE has no exception, GOVERNANCE has one by right."""

    mode: str
    until: datetime

    @property
    def holds(self) -> bool:
        """Whether it has not ended, by the cloud's clock."""
        return self.until > clock.now()


@dataclass(frozen=True)
class Lock:
    """What keeps one version. A legal hold has no end; where neither was ever set, there is no configuration."""

    retention: Retention | None = None
    legal_hold: str | None = None

    @property
    def asked(self) -> bool:
        """Whether it keeps a version that is made with it."""
        return self.retention is not None or self.legal_hold == "ON"

    @property
    def shown(self) -> dict[str, Any]:
        """As the headers of an object have it."""
        kept: dict[str, Any] = {"ObjectLockLegalHoldStatus": self.legal_hold}
        if self.retention:
            kept |= {"ObjectLockMode": self.retention.mode, "ObjectLockRetainUntilDate": self.retention.until}
        return kept

    def keeps(self, *, bypass: bool = False) -> bool:
        """Whether the version can't be deleted now; a lifecycle rule never has the bypass."""
        if self.legal_hold == "ON":
            return True
        held = self.retention
        return held is not None and held.holds and not (bypass and held.mode == "GOVERNANCE")

    def check_change(self, wanted: Retention | None, *, bypass: bool) -> None:
        """Retention is lengthened by anybody who may set it; less of it takes the bypass, or can't be had."""
        held = self.retention
        if held is None or not held.holds:
            return
        lengthened = wanted is not None and wanted.mode == held.mode and wanted.until >= held.until
        if not lengthened and not (bypass and held.mode == "GOVERNANCE"):
            raise protected()


def asked_for(headers: Mapping[str, str]) -> Lock:
    """What a request's headers say of the version that it makes."""
    mode, until, hold = (headers.get(name) for name in (MODE, UNTIL, HOLD))
    if hold not in (None, "ON", "OFF"):
        raise invalid_argument("Legal Hold must be either of 'ON' or 'OFF'", HOLD, hold)
    if (mode is None) != (until is None):
        message = f"{UNTIL} and {MODE} must both be supplied"
        raise invalid_argument(message, UNTIL if until is None else MODE, "null")
    if mode is None or until is None:
        return Lock(None, hold)
    if mode not in MODES:
        raise invalid_argument("Unknown wormMode directive.", MODE, mode)
    return Lock(Retention(mode, future(_moment(until))), hold)


def future(moment: datetime) -> datetime:
    """A time until which something can be kept."""
    if moment <= clock.now():
        raise invalid_argument("The retain until date must be in the future!", UNTIL, moment.isoformat())
    return moment


def _moment(text: str) -> datetime:
    try:
        moment = parse_timestamp(text) if "-" in text else None
    except (ValueError, OverflowError):
        moment = None
    if not isinstance(moment, datetime):
        raise invalid_argument("The retain until date must be provided in ISO 8601 format", UNTIL, text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
