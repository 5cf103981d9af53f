"""The door to an environment's own public address."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from render_api.body import beginning

if TYPE_CHECKING:
    import requests

SECONDS = 10  # for an answer, and as many for its body
SHOWN = 200  # characters of a body that are kept
NOWHERE = 0  # the status of what nobody answered
_mine = threading.local()


@dataclass(frozen=True)
class Visit:
    """What one request was answered, and after how many seconds."""

    status: int
    """HTTP's; `NOWHERE` when nobody answered in time."""
    seconds: float
    body: str = ""
    """Its beginning; of what nobody answered, why."""


Door = Callable[[str, str], Visit]


def visit(method: str, url: str) -> Visit:
    """Send one request, over a connection that is kept: its time is the application's and not a handshake's.

    What is posted is an empty JSON object. A redirect is an answer.
    """
    import requests

    body: dict[str, str] | None = {} if method == "POST" else None
    began = time.monotonic()
    try:
        with _session().request(
            method,
            url,
            json=body,
            timeout=SECONDS,
            allow_redirects=False,
            headers={"Cache-Control": "no-cache"},
            stream=True,
        ) as answer:
            text = beginning(answer, seconds=SECONDS)
    except requests.RequestException as error:
        return Visit(NOWHERE, time.monotonic() - began, type(error).__name__)
    return Visit(answer.status_code, time.monotonic() - began, text[:SHOWN])


def _session() -> requests.Session:
    """One for each thread."""
    import requests

    if not hasattr(_mine, "session"):
        _mine.session = requests.Session()
        _mine.session.auth = lambda request: request  # no passwords of the user's .netrc
    session: requests.Session = _mine.session
    return session
