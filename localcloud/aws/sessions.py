"""Temporary credentials: made by STS, bound to whom they were made for, gone when that one is."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from moto.sts.models import sts_backends

from localcloud.aws.caller import Caller
from localcloud.machine import clock

PARTITION = "aws"
_KEY = string.ascii_uppercase + "234567"
_SECRET = string.ascii_letters + string.digits + "/+"


@dataclass(frozen=True)
class Session:
    """A temporary access key with its secret and its token, and the principal that uses it."""

    secret_access_key: str = field(repr=False)
    token: str = field(repr=False)
    caller: Caller
    expires: datetime

    @property
    def access_key_id(self) -> str:
        """As it stands in a signature's credential."""
        return str(self.caller.access_key_id)


def begin(caller: Caller, seconds: int) -> Session:
    """Credentials for that principal, good for so many seconds of the cloud's clock."""
    now = clock.now()
    session = Session(
        secret_access_key=_random(_SECRET, 40),
        token=_random(_SECRET, 356),  # long as AWS's are: clients that cut it are found out here
        caller=replace(caller, access_key_id="ASIA" + _random(_KEY, 16), issued=now),
        expires=now + timedelta(seconds=seconds),
    )
    sessions = _all(caller.account)
    for ended in [key for key, one in sessions.items() if one.expires < now - timedelta(days=1)]:
        del sessions[ended]
    sessions[session.access_key_id] = session
    return session


def find(account: str, access_key_id: str) -> Session | None:
    """The session that has that key; it may have expired."""
    return _all(account).get(access_key_id)


def _all(account: str) -> dict[str, Session]:
    """Kept beside what moto keeps of STS, and so saved with it."""
    backend: Any = sts_backends[account][PARTITION]
    sessions: dict[str, Session] = vars(backend).setdefault("sessions", {})
    return sessions


def _random(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))
