"""Every S3 request passes here: it is checked, then answered by us or by moto, with S3's own headers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from moto.s3 import responses

from localcloud.aws.call import ACTION
from localcloud.aws.replies import HOST_ID, REQUEST_ID, AwsError, s3_ids
from localcloud.aws.services.s3 import cors
from localcloud.aws.services.s3.answers import Result, write
from localcloud.aws.services.s3.ask import Answer, Ask
from localcloud.aws.services.s3.bucket import find
from localcloud.aws.services.s3.operations import ANSWERS, CHECKS, FINISHES, check_any

_MOTO_ALONE = ("x-amzn-requestid", "x-amz-content-sha256")
_MOTO_ID = re.compile(rb"<RequestI[dD]>[^<]*</RequestI[dD]>")
_Moto = Callable[..., Answer]


def install() -> None:
    """Put moto's S3 behind it."""
    answers: Any = responses.S3Response
    for outer, inner in (("bucket_response", "_bucket_response"), ("key_response", "_key_response")):
        setattr(answers, outer, _with_headers(getattr(answers, outer)))
        setattr(answers, inner, _checked(getattr(answers, inner)))


def _checked(moto_answer: _Moto) -> _Moto:
    def answer(self: Any, request: Any, full_url: str) -> Answer:
        ask = Ask(self, request, request.environ[ACTION])
        if request.method == "OPTIONS":
            return cors.preflight(ask)
        check_any(ask)
        for check in CHECKS.get(ask.action, ()):
            check(ask)
        ours = ANSWERS.get(ask.action)
        if ours:
            result = ours(ask)
            made = write(ask.action, result) if isinstance(result, dict | Result) else result
        else:
            given = moto_answer(self, request, full_url)
            made = (200, {}, given) if isinstance(given, str | bytes) else given
        for finish in FINISHES.get(ask.action, ()):
            made = finish(ask, made)
        return made

    return answer


def _with_headers(moto_answer: _Moto) -> _Moto:
    def answer(self: Any, request: Any, full_url: str, headers: Any) -> Answer:
        ids = s3_ids()
        try:
            status, given, body = moto_answer(self, request, full_url, headers)
        except AwsError as problem:
            status, given, body = _error(problem, request, ids)
        given = {name: value for name, value in given.items() if name.lower() not in _MOTO_ALONE}
        if status >= 400 and isinstance(body, str | bytes):
            body = _MOTO_ID.sub(f"<RequestId>{ids[REQUEST_ID]}</RequestId>".encode(), _encoded(body))
        bucket = find(self.bucket_name or "")
        return status, {**given, **ids, **cors.headers(bucket, request.method, request.headers)}, body

    return answer


def _encoded(body: str | bytes) -> bytes:
    return body if isinstance(body, bytes) else body.encode("utf-8", "replace")


def _error(problem: AwsError, request: Any, ids: Mapping[str, str]) -> Answer:
    code, status = problem.s3
    headers = {"content-type": "application/xml", **problem.headers}
    if request.method == "HEAD":
        return status, headers, b""
    said = {"Code": code, "Message": problem.message, **problem.details, "Resource": request.path}
    said |= {"RequestId": ids[REQUEST_ID], "HostId": ids[HOST_ID]}
    told = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in said.items())
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{told}</Error>'
    return status, headers, body.encode("utf-8", "replace")
