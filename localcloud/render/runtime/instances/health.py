"""Whether an instance is up: its health path answers, its port accepts connections, or it has started to wait."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable

from localcloud.machine.ports import HOST
from localcloud.render.runtime.instances.family import work

PROBE_SECONDS = 5.0
SHORTEST_PAUSE = 0.05
LONGEST_PAUSE = 0.5
QUIET_SECONDS = 0.2
LONGEST_START = 3.0


def probe(port: int, path: str | None, host: str) -> str | None:
    """None when it is healthy, else why not. `host` is the public host, which applications check."""
    if path is None:
        try:
            with socket.create_connection((HOST, port), timeout=PROBE_SECONDS):
                return None
        except OSError as error:
            return f"nothing accepts connections on its port yet ({error.strerror or error})"
    connection = http.client.HTTPConnection(HOST, port, timeout=PROBE_SECONDS)
    try:
        headers = {"Host": host, "User-Agent": "Render/1.0", "Connection": "close"}
        connection.request("GET", f"/{path.lstrip('/')}", headers=headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return f"GET {path} gets no answer ({error or type(error).__name__})"
    finally:
        connection.close()
    return None if 200 <= status < 400 else f"GET {path} answers {status}"


def wait_for_port(
    port: int,
    path: str | None,
    host: str,
    *,
    timeout: float,
    alive: Callable[[], bool],
    cancelled: threading.Event,
) -> str | None:
    """Wait until it is healthy (None). Else why it is not: at once when it has died or was cancelled."""
    began = time.monotonic()
    deadline = began + timeout
    while True:
        if not alive():
            return "it ended"
        why = probe(port, path, host)
        if why is None:
            return None if alive() else "it ended"
        waited = time.monotonic() - began
        pause = min(max(SHORTEST_PAUSE, waited / 10), LONGEST_PAUSE)  # seen when it took at most a tenth longer
        if time.monotonic() + pause > deadline:
            return f"it was not healthy in {timeout:g} s: {why}"
        if cancelled.wait(pause):
            return "it was cancelled"


def wait_until_quiet(
    pid: Callable[[], int | None], *, timeout: float, alive: Callable[[], bool], cancelled: threading.Event
) -> str | None:
    """Without a port to ask: it has started when it has done something and then waits, or goes on for long.

    How long is counted in its own seconds of a processor: on a busy machine it waits for one. In a container it is
    there only some time after its client.
    """
    began = changed = time.monotonic()
    while pid() is None and alive() and changed - began < timeout:
        if cancelled.wait(0.05):
            return "it was cancelled"
        changed = time.monotonic()
    before, _ = work(pid())  # what its start itself took
    done = before
    while alive():
        now, (spent, waits) = time.monotonic(), work(pid())
        if spent > done or waits:
            done, changed = spent, now
        patience = QUIET_SECONDS if done > before else LONGEST_START
        if now - changed > patience or done - before > LONGEST_START or now - began > timeout:
            return None
        if cancelled.wait(0.05):
            return "it was cancelled"
    return "it ended"
