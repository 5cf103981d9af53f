"""Every S3 request passes here: it is checked, then answered by us or by moto, with S3's own headers."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from moto.s3 import responses

from localcloud.aws.call import ACTION
from localcloud.aws.replies import AwsError
from localcloud.aws.services.s3 import cors
from localcloud.aws.services.s3.answers import Result, write
from localcloud.aws.services.s3.ask import Answer, Ask
from localcloud.aws.services.s3.operations import ANSWERS, CHECKS, FINISHES, check_any

_MOTO_ALONE = ("x-amzn-requestid", "x-amz-content-sha256")
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
        try:
            status, given, body = moto_answer(self, request, full_url, headers)
        except AwsError as problem:
            status, given, body = _error(problem, request)
        given = {name: value for name, value in given.items() if name.lower() not in _MOTO_ALONE}
        ids = {"x-amz-request-id": secrets.token_hex(8).upper()}
        ids["x-amz-id-2"] = base64.b64encode(secrets.token_bytes(56)).decode()
        return status, {**given, **ids, **cors.headers(self, request)}, body

    return answer


def _error(problem: AwsError, request: Any) -> Answer:
    code, status = problem.s3
    headers = {"content-type": "application/xml", **problem.headers}
    if request.method == "HEAD":
        return status, headers, b""
    said = {"Code": code, "Message": problem.message, **problem.details, "Resource": request.path}
    told = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in said.items())
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{told}</Error>'
    return status, headers, body.encode("utf-8", "replace")
