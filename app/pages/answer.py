"""A file as an HTTP response: compressed as the browser likes it, only once, and in part where it wants a part."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from pages.file import File

_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


def answer(request: HttpRequest, file: File, cache_control: str) -> HttpResponseBase:
    """200, 206, 304, 412 or 416, for GET and HEAD."""
    coding = _coding(request.headers.get("Accept-Encoding", ""), file)
    content = file.compressed.get(coding, file.content)
    etag = f'"{file.etag}-{coding}"' if coding else f'"{file.etag}"'
    response = HttpResponse(content, content_type=file.media_type)
    response["Cache-Control"] = cache_control
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Content-Length"] = str(len(content))
    if coding:
        response["Content-Encoding"] = coding
    if file.compressed:
        response["Vary"] = "Accept-Encoding"
    conditional = get_conditional_response(request, etag=etag, response=response)
    if conditional is response and request.headers.get("If-Range", etag) == etag:
        _cut(request, response, content)
    return conditional or response


def _coding(accepted: str, file: File) -> str:
    """The smallest of what is accepted; empty for the file as it is."""
    weights = dict(_weighed(part) for part in accepted.lower().split(","))
    fitting = [way for way in file.compressed if weights.get(way, weights.get("*", 0.0)) > 0]
    return min(fitting, key=lambda way: len(file.compressed[way]), default="")


def _weighed(part: str) -> tuple[str, float]:
    """`br;q=0.5` is 0.5 for `br`."""
    way, _, weight = part.partition(";")
    try:
        return way.strip(), float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        return way.strip(), 0.0


def _cut(request: HttpRequest, response: HttpResponse, content: bytes) -> None:
    """Leave the one part that is asked for; several at once are answered whole, as HTTP allows."""
    match = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if request.method != "GET" or not match or match[0] == "bytes=-":
        return
    first, last, size = match[1], match[2], len(content)
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    if first and last and int(last) < start:
        return  # malformed
    if start >= size:
        response.status_code, response.content = 416, b""
        response["Content-Range"] = f"bytes */{size}"
    else:
        response.status_code, response.content = 206, content[start : end + 1]
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Content-Length"] = str(len(response.content))
