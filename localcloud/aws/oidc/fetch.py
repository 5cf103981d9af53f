"""Reads a JSON document of an issuer on this machine: with no proxy and no redirect, limited in time and size."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from localcloud.machine.issuers import local_address

SECONDS = 5.0
LARGEST = 256 * 1024


def document(url: str) -> dict[str, Any]:
    """Raises OSError when it cannot be had, ValueError when it is no JSON object."""
    address = local_address(url)
    if address is None:
        raise ConnectionError(f"{url} is not on this machine")
    body = _body(address)
    found = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError(f"{url} is no JSON object")  # noqa: TRY004 - as JSON's own errors
    return found


def _body(address: str) -> bytes:
    parts = urlsplit(address)
    connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = connect(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        connection.connect()
        # A timeout of the socket is for each read alone: an issuer that goes on slowly is ended by this.
        ending = threading.Timer(SECONDS, _end, [connection.sock])
        ending.start()
        try:
            connection.request("GET", parts.path or "/", headers={"Accept": "application/json"})
            answer = connection.getresponse()
            body = answer.read(LARGEST + 1)
        finally:
            ending.cancel()
    except (http.client.HTTPException, ValueError) as error:
        raise ConnectionError(str(error) or type(error).__name__) from error
    finally:
        connection.close()
    if answer.status != 200:
        raise ConnectionError(f"{address} answers {answer.status}")
    if len(body) > LARGEST:
        raise ValueError(f"{address} answers more than {LARGEST} bytes")
    return body


def _end(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
