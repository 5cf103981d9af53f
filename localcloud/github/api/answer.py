"""One call of the API from the request to the answer."""

from __future__ import annotations

import logging

from werkzeug.wrappers import Request, Response

from localcloud.github.access import tokens
from localcloud.github.access.caller import NOBODY
from localcloud.github.api import limits, table
from localcloud.github.api.call import Call, Reply
from localcloud.github.api.errors import DOCS, ApiError
from localcloud.github.api.replies import NEWER, VERSION, response, version_of
from localcloud.github.store import GitHub

ENTERPRISE = "/api/v3"  # where clients look for an API that is not github.com's

_log = logging.getLogger(__name__)


def answer(github: GitHub, request: Request) -> Response:
    """Whatever happens, it is a document of GitHub's kind."""
    who, docs = NOBODY, DOCS
    try:
        with github.lock:
            _check(request)
            who = tokens.caller(github, request)
            method = "GET" if request.method == "HEAD" else request.method
            route, parts = table.match(method, request.path.removeprefix(ENTERPRISE) or "/")
            docs = f"{DOCS}/{route.docs}"
            call = Call(request=request, github=github, who=who, route=route, parts=parts)
            table.check(call)
            reply = route.handler(call)
    except ApiError as error:
        reply = Reply(error.body(docs), error.status)
    except Exception:  # noqa: BLE001 - a client is answered, whatever is wrong here
        _log.exception("%s %s failed", request.method, request.path)
        reply = Reply({"message": "Server Error", "documentation_url": DOCS, "status": "500"}, 500)
    made = response(request, reply)
    free = request.path == "/rate_limit" or made.status_code == 304
    made.headers.update(limits.headers(who, 0 if free else 1))
    return made


def _check(request: Request) -> None:
    if not request.headers.get("User-Agent"):
        raise ApiError(403, "Request forbidden by administrative rules: a request has to have a User-Agent")
    if version_of(request) not in {VERSION, NEWER}:
        raise ApiError(400, f"{version_of(request)} is no version of the API here: there are {VERSION} and {NEWER}")
