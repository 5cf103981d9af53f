"""The door to an environment's own public address."""

from __future__ import annotations

SECONDS = 10


def status(url: str) -> int | None:
    """What it answers, as an HTTP status; None where nobody answers."""
    import requests

    try:
        return requests.get(url, timeout=SECONDS).status_code
    except requests.RequestException:
        return None
