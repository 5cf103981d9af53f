"""Takes requests in from the wire, whatever is sent there, and hands them on to moto as they were meant."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from moto.core.request import PRESERVED_HEADER_NAMES_ENVIRON_KEY, environ_key_for_header

from localcloud.aws.call import ACTION, Call, Environ
from localcloud.aws.payload import LARGE, Spool
from localcloud.aws.replies import AwsError, failure, same

MOST = 5 << 30  # bytes of one body, as of an object that is put at once
SPOOL = "slipway.spool"  # in the environ: the body that is too large for memory
SECONDS = 300  # for a whole body; each piece of it has the time of the connection
_PIECE = 1 << 20
_BAD_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")


def receive(environ: Environ) -> bytes | Spool:
    """The body, read whole; what may be a large object is read to disk.

    AwsError: the path is no URI, the body is not what its length says, or takes too long; there is no room for it.
    """
    _check_path(environ)
    stream: Any = environ["wsgi.input"]
    try:
        if environ.get("wsgi.input_terminated"):  # by the encoding of the transfer, which counts more than a length
            return _read(stream, MOST + 1)
        length = _length(str(environ.get("CONTENT_LENGTH") or "0"))
        if length >= LARGE and _may_be_object(environ):
            return _spooled(stream, length)
        body = _read(stream, length)
    except TimeoutError:
        message = "Your socket connection to the server was not read from or written to within the timeout period."
        raise same("RequestTimeout", 400, f"{message} Idle connections will be closed.") from None
    except OSError:
        raise same("InvalidRequest", 400, "The encoding of the transfer is malformed.") from None
    _check_whole(len(body), length)
    return body


def hand_over(call: Call, environ: Environ) -> None:
    """Make the request that moto gets the one that the call is: a body out of its chunks, a form as a PutObject."""
    environ.pop("HTTP_X_MOTO_ACCOUNT_ID", None)  # would lead into another account
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ[ACTION] = call.action
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(call.body), str(len(call.body))
    environ[SPOOL] = call.spool
    if call.headers.get("x-amz-content-sha256", "").startswith("STREAMING-"):
        _put_headers(call, environ)
        environ["HTTP_X_AMZ_CONTENT_SHA256"] = "UNSIGNED-PAYLOAD"  # or moto would take it out of chunks again
    elif call.form is not None:
        _put_headers(call, environ)
        environ |= {"REQUEST_METHOD": call.method, "PATH_INFO": call.path, "QUERY_STRING": ""}
        environ |= {"RAW_URI": call.target, "REQUEST_URI": call.target}


def _may_be_object(environ: Environ) -> bool:
    chunked = str(environ.get("HTTP_X_AMZ_CONTENT_SHA256", "")).startswith("STREAMING-")
    return environ["REQUEST_METHOD"] == "PUT" and not chunked


def _spooled(stream: Any, length: int) -> Spool:
    with _room():
        spool = Spool()
    try:
        for piece in _pieces(stream, length):
            with _room():
                spool.write(piece)
        _check_whole(spool.size, length)
    except BaseException:
        spool.close()
        raise
    return spool


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise failure(503, f"cannot keep the body: {error}") from error


def _check_path(environ: Environ) -> None:
    path = str(environ.get("RAW_URI", "")).partition("?")[0]
    try:
        str(environ["PATH_INFO"]).encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        raise _no_uri() from None
    if _BAD_ESCAPE.search(path) or "\0" in str(environ["PATH_INFO"]):
        raise _no_uri()


def _put_headers(call: Call, environ: Environ) -> None:
    for name in [name for name in environ if name.startswith("HTTP_") or name == "CONTENT_TYPE"]:
        del environ[name]
    environ |= {environ_key_for_header(name): value for name, value in call.headers.items()}
    environ[PRESERVED_HEADER_NAMES_ENVIRON_KEY] = {
        environ_key_for_header(name): name for name in call.headers if "_" in name
    }


def _length(said: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", said):
        raise same("BadRequest", 400, "An error occurred when parsing the HTTP request.")
    if int(said) > MOST:
        raise _too_large(int(said))
    return int(said)


def _read(stream: Any, length: int) -> bytes:
    return b"".join(_pieces(stream, length))


def _pieces(stream: Any, length: int) -> Iterator[bytes]:
    missing, end = length, time.monotonic() + SECONDS
    while missing > 0:
        if time.monotonic() > end:
            raise TimeoutError
        piece = stream.read(min(missing, _PIECE))
        if not piece:
            break
        missing -= len(piece)
        yield piece


def _check_whole(size: int, length: int) -> None:
    if size < length:
        message = "You did not provide the number of bytes specified by the Content-Length HTTP header"
        raise same("IncompleteBody", 400, message)


def _too_large(size: int) -> AwsError:
    return AwsError(
        "Your proposed upload exceeds the maximum allowed size",
        query=("RequestEntityTooLarge", 413),
        json=("RequestEntityTooLargeException", 413),
        s3=("EntityTooLarge", 400),
        details={"ProposedSize": str(size), "MaxSizeAllowed": str(MOST)},
    )


def _no_uri() -> AwsError:
    return same("InvalidURI", 400, "Couldn't parse the specified URI.")
