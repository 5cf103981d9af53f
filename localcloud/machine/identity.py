"""Who the local cloud's user is: made once, so that what was created with these names stays reachable."""

from __future__ import annotations

import fcntl
import json
import secrets
import string
from dataclasses import asdict, dataclass, field

from localcloud.machine.paths import local, write_atomically

XID = "0123456789abcdefghijklmnopqrstuv"


@dataclass(frozen=True)
class Identity:
    """The keys that the local Render and the local AWS accept, and the passphrase of the local state."""

    render_owner_id: str
    render_api_key: str = field(repr=False)
    aws_account_id: str
    aws_access_key_id: str
    aws_secret_access_key: str = field(repr=False)
    passphrase: str = field(repr=False)


def load() -> Identity:
    """The identity kept in `.local/identity.json`, made at the first call. Safe to call from several processes."""
    path = local() / "identity.json"
    with (local() / "identity.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            write_atomically(path, json.dumps(asdict(_new()), indent=1).encode())
        return Identity(**json.loads(path.read_text()))


def _new() -> Identity:
    return Identity(
        render_owner_id="tea-" + _random(XID, 20),
        render_api_key="rnd_" + _random(string.ascii_letters + string.digits, 28),
        aws_account_id="123456789012",
        aws_access_key_id="AKIA" + _random(string.ascii_uppercase + "234567", 16),
        aws_secret_access_key=_random(string.ascii_letters + string.digits + "/+", 40),
        passphrase=secrets.token_urlsafe(32),
    )


def _random(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))
