"""What this GitHub answers over HTTP: the issuer of tokens to everybody, the API to who shows a token of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.wrappers import Request, Response

from localcloud.github import tokens
from localcloud.github.api import table
from localcloud.github.api.answer import answer
from localcloud.github.job import Job
from localcloud.github.store import GitHub
from localcloud.machine.token_issuer import DISCOVERY, JWKS

CLAIMS = ("sub", "aud", "exp", "iat", "iss", "jti", "nbf", "environment")
BEARER = "bearer "
WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def create_app(github: GitHub) -> WSGI:
    """A WSGI application; what is wrong with an endpoint shows now, not at its first call."""
    table.routes()

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        return (_issuer(request) or answer(github, request))(environ, start_response)

    return app


def _issuer(request: Request) -> Response | None:
    match (request.method, request.path.split("/")[1:]):
        case ("GET", ["_local", "health"]):
            return _json({"ready": True})
        case ("GET", _) if request.path == DISCOVERY:
            return _json(tokens.issuer().discovery([*CLAIMS, *_of_jobs()]))
        case ("GET", _) if request.path == JWKS:
            return _json(tokens.issuer().jwks())
        case ("GET", ["idtoken", _]):
            return _token(request)
    return None


def _token(request: Request) -> Response:
    """As the toolkit of GitHub's actions asks: `getIDToken` adds `&audience=` and sends the bearer."""
    given = request.headers.get("Authorization", "")
    if not given.lower().startswith(BEARER):
        return _json({"message": "no request token"}, 401)
    try:
        value = tokens.answer(given[len(BEARER) :].strip(), request.args.get("audience"))
    except tokens.RefusedError as refused:
        return _json({"message": str(refused)}, 401)
    return _json({"count": len(value), "value": value})


def _of_jobs() -> list[str]:
    job = Job(owner="any", owner_id=1, repository="any", repository_id=1, ref="refs/heads/any")
    return [name for name in job.claims() if name not in CLAIMS]


def _json(value: object, status: int = 200) -> Response:
    return Response(json.dumps(value), status, content_type="application/json; charset=utf-8")
