"""Bodies are taken in whole or not at all, and nobody waits for one for ever."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.serving import make_server

from localcloud.aws import intake
from localcloud.aws.call import Call
from localcloud.aws.replies import AwsError, reply
from localcloud.aws.server import Handler


class Impatient(Handler):
    """Waits a tenth of a second for each piece."""

    timeout = 0.1  # type: ignore[assignment] # the standard library's stubs have whole seconds


def echo(environ: Any, start_response: Any) -> Any:
    """Sends the body back, or the error that it was refused with."""
    try:
        body = intake.receive(environ)
    except AwsError as problem:
        return reply(problem, Call("s3", "", "", None, "s3", "PUT", "/"))(environ, start_response)
    assert isinstance(body, bytes)
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Where it listens."""
    server = make_server("127.0.0.1", 0, echo, threaded=True, request_handler=Impatient)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def answer(port: int, sent: bytes) -> bytes:
    """What comes back, while the client keeps the connection open."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(sent)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    return received


def test_a_body_in_pieces_is_put_together(port: int) -> None:
    """The encoding of the transfer counts more than a length that is said beside it."""
    head = b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"

    assert answer(port, head + b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n").endswith(b"\r\n\r\nhello world")


@pytest.mark.parametrize("head", [b"Content-Length: 50", b"Transfer-Encoding: chunked"])
def test_a_client_that_stops_sending_is_given_up(port: int, head: bytes) -> None:
    """It is told so, as S3 tells it."""
    received = answer(port, b"PUT / HTTP/1.1\r\nHost: a\r\n" + head + b"\r\n\r\n5\r\nhello\r\n")

    assert (b"400 BAD REQUEST" in received, b"<Code>RequestTimeout</Code>" in received) == (True, True)


def test_a_client_that_says_nothing_is_given_up(port: int) -> None:
    """Its connection is closed."""
    assert answer(port, b"PUT / HT") == b""
