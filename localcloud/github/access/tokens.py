"""The tokens that the API knows callers by: of persons, and the GITHUB_TOKEN of each job."""

from __future__ import annotations

import base64
import hashlib
import secrets
import string
from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from werkzeug.wrappers import Request

from localcloud.github.access.caller import NOBODY, Caller
from localcloud.github.api.errors import ApiError
from localcloud.github.store import GitHub, Record, stamp
from localcloud.github.users.model import BOT, User, known
from localcloud.machine import clock
from localcloud.machine.paths import folder, write_atomically

ALPHABET = string.ascii_letters + string.digits
LIFETIME = timedelta(hours=24)


class Token(Record):
    """What is remembered of a token: its hash is its id."""

    kind: ClassVar[str] = "token"

    login: str
    permissions: dict[str, str] | None = None
    repository: str = ""
    run_id: int | None = None
    expires_at: str | None = None


def of_person(github: GitHub, login: str) -> str:
    """A personal token of somebody; the one that this machine's person has is kept in `.local/github/token`."""
    path = folder("github", "tokens") / known(github, login).login
    if not path.exists():
        write_atomically(path, _new(github, "ghp", Token(id="", login=login)).encode())
    return path.read_text()


def of_job(github: GitHub, repository: str, permissions: Mapping[str, str], run_id: int) -> str:
    """A job's GITHUB_TOKEN: good for its repository, with these permissions (`contents: read`), for 24 hours.

    https://docs.github.com/en/actions/concepts/security/github_token
    """
    token = Token(
        id="",
        login=BOT,
        permissions={name.replace("-", "_"): level for name, level in permissions.items()},
        repository=repository.lower(),
        run_id=run_id,
        expires_at=stamp(clock.now() + LIFETIME),
    )
    return _new(github, "ghs", token)


def revoke(github: GitHub, secret: str) -> None:
    """End a token: a job's, when the job is over."""
    if token := github.store.get(Token, _hash(secret)):
        github.store.remove(token)


def caller(github: GitHub, request: Request) -> Caller:
    """Who shows the token in this request's header; 401 for one that is none of ours or over."""
    secret = _shown(request.headers.get("Authorization", ""))
    if secret is None:
        return NOBODY
    token = github.store.get(Token, _hash(secret))
    if token is None or (token.expires_at is not None and token.expires_at <= stamp(clock.now())):
        raise ApiError(401, "Bad credentials")
    user = github.store.get(User, token.login.lower())
    return Caller(
        login=token.login,
        role=user.role if user else "none",
        permissions=token.permissions,
        repository=token.repository,
        run_id=token.run_id,
        key=token.repository or token.login,
    )


def _shown(header: str) -> str | None:
    scheme, _, value = header.strip().partition(" ")
    if scheme.lower() in {"bearer", "token"}:
        return value.strip()
    if scheme.lower() == "basic":
        try:
            name, _, password = base64.b64decode(value).decode().partition(":")
        except ValueError:
            return ""
        return password or name
    return None if not header else ""


def _new(github: GitHub, prefix: str, token: Token) -> str:
    secret = f"{prefix}_" + "".join(secrets.choice(ALPHABET) for _ in range(36))
    github.store.put(token.model_copy(update={"id": _hash(secret)}))
    return secret


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
