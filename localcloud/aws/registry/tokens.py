"""The passwords that ECR gives to `docker login`: signed, for one access key, good for twelve hours."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import hmac
import json
import secrets

from localcloud.machine import clock
from localcloud.machine.paths import folder, write_atomically

LIFETIME = 12 * 3600


def issue(access_key_id: str, *, now: float | None = None) -> tuple[str, float]:
    """A token for whoever holds that access key, and when it ends."""
    expires = (clock.now().timestamp() if now is None else now) + LIFETIME
    claims = _encode(json.dumps({"key": access_key_id, "expires": int(expires)}).encode())
    return f"{claims}.{_sign(claims)}", float(int(expires))


def access_key_of(token: str, *, now: float | None = None) -> str | None:
    """The access key that a token was given for; None when it is not ours or its time is over."""
    claims, _, signature = token.partition(".")
    if not hmac.compare_digest(signature.encode(), _sign(claims).encode()):
        return None
    said = json.loads(base64.urlsafe_b64decode(claims))
    if said["expires"] <= (clock.now().timestamp() if now is None else now):
        return None
    return str(said["key"])


def _sign(claims: str) -> str:
    return _encode(hmac.new(_secret(), claims.encode(), hashlib.sha256).digest())


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode()


def _secret() -> bytes:
    path = folder("aws") / "registry.secret"
    with (folder("aws") / "registry.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            write_atomically(path, secrets.token_bytes(32))
        return path.read_bytes()
