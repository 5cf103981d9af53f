"""The tokens of workflows: one to ask with, which the runner gives to a job, and those that are asked for.

https://docs.github.com/en/actions/reference/security/oidc
"""

from __future__ import annotations

import fcntl
import secrets
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from localcloud.github.job import Job
from localcloud.machine import clock
from localcloud.machine.issuers import GITHUB
from localcloud.machine.paths import folder, write_atomically
from localcloud.machine.ports import HOST, port
from localcloud.machine.token_issuer import TokenIssuer

BEFORE = timedelta(minutes=10)  # a token's nbf lies so far before its iat
LIFETIME = timedelta(minutes=5)
JOB_LIFETIME = timedelta(hours=6)  # a job may not take longer
ASKING = "HS256"


class RefusedError(Exception):
    """The token that somebody asks with is none of ours, or its job is over."""


def issuer() -> TokenIssuer:
    """GitHub's."""
    return TokenIssuer(GITHUB, folder("github") / "oidc-key.json")


def variables(job: Job) -> dict[str, str]:
    """What GitHub's runner puts into the environment of a job with the permission `id-token: write`."""
    now = int(clock.now().timestamp())
    claims = {"job": job.model_dump(), "exp": now + int(JOB_LIFETIME.total_seconds())}
    return {
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"http://{HOST}:{port('github')}/idtoken/{job.run_id}?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": jwt.encode({"alg": ASKING}, claims, _asking_key()),
    }


def answer(asking: str, audience: str | None) -> str:
    """The token that a job asks for; without an audience it is for the repository's owner."""
    try:
        said = jwt.decode(asking, _asking_key(), algorithms=[ASKING]).claims
        job = Job.model_validate(said["job"])
    except (JoseError, ValueError, KeyError) as error:
        raise RefusedError("the request token is not valid") from error
    now = clock.now()
    if now.timestamp() >= said["exp"]:
        raise RefusedError("the request token has expired")
    return token(job, audience or f"https://github.com/{job.owner}")


def token(job: Job, audience: str) -> str:
    """A token of that job, which begins now."""
    now = clock.now()
    times = {"nbf": now - BEFORE, "exp": now + LIFETIME, "iat": now}
    stamps = {name: int(moment.timestamp()) for name, moment in times.items()}
    return issuer().sign({"jti": str(uuid4()), "aud": audience, **job.claims(), **stamps})


def _asking_key() -> OctKey:
    """Kept private: who can read it may speak for every workflow of this machine."""
    path: Path = folder("github") / "job-key"
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            write_atomically(path, secrets.token_urlsafe(32).encode())
        return OctKey.import_key(path.read_bytes())
