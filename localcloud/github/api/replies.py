"""What every answer has: the version, a tag by which an unchanged answer is not sent again."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

from werkzeug.wrappers import Request, Response

from localcloud.github.api.call import Reply

VERSION, NEWER = "2022-11-28", "2026-03-10"
GONE = {"rate", "assignee", "merge_commit_sha", "has_downloads"}  # by the newer one, from every document of ours
VARY = "Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept, X-Requested-With"


def version_of(request: Request) -> str:
    """Which version of the API is asked for. https://docs.github.com/en/rest/about-the-rest-api/breaking-changes"""
    return request.headers.get("X-GitHub-Api-Version") or VERSION


def response(request: Request, reply: Reply) -> Response:
    """A reply as HTTP; 304 where the client has it already."""
    body = reply.value
    if reply.content_type.startswith("application/json"):
        body = "" if reply.status in {204, 304} else json.dumps(_of_version(reply.value, version_of(request)))
    made = Response(body, reply.status, content_type=reply.content_type)
    made.headers.update(reply.headers)
    made.headers["X-GitHub-Media-Type"] = "github.v3; format=json"
    made.headers["X-GitHub-Api-Version-Selected"] = version_of(request)
    made.headers["X-GitHub-Request-Id"] = str(uuid.uuid4()).upper()
    made.headers["Server"] = "slipway"
    if reply.status == 204:
        del made.headers["Content-Type"]
    if request.method in {"GET", "HEAD"} and reply.status == 200:
        _tag(request, made)
    return made


def _of_version(value: Any, version: str) -> Any:
    if version != NEWER:
        return value
    if isinstance(value, dict):
        return {name: _of_version(one, version) for name, one in value.items() if name not in GONE}
    return [_of_version(one, version) for one in value] if isinstance(value, list) else value


def _tag(request: Request, made: Response) -> None:
    made.headers["Cache-Control"] = "private, max-age=60, s-maxage=60"
    made.headers["Vary"] = VARY
    tag = hashlib.sha256(made.get_data()).hexdigest()
    made.set_etag(tag, weak=True)
    if request.if_none_match.contains_weak(tag):
        made.status_code = 304
        made.set_data(b"")
