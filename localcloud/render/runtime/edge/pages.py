"""The pages that the edge shows by itself."""

from __future__ import annotations

from html import escape

import requests

SECONDS = 5.0


def page(title: str, text: str) -> str:
    """A whole page with nothing to load from elsewhere."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>body {{ font: 1.1rem/1.5 system-ui, sans-serif; margin: 15vh auto; "
        "max-width: 34rem; padding: 0 1.5rem; color: #223 }}</style></head>"
        f"<body><h1>{escape(title)}</h1><p>{escape(text)}</p></body></html>"
    )


def fetched(uri: str) -> bytes | None:
    """The page at an address; None where there is none to be had."""
    try:
        with requests.Session() as session:
            session.trust_env = False  # what is local goes around the shell's proxies
            answer = session.get(uri, timeout=SECONDS)
    except requests.RequestException:
        return None
    return answer.content if answer.ok else None


MAINTENANCE = page("Down for maintenance", "This service is being maintained. Please come back in a little while.")
NO_INSTANCE = page("Bad gateway", "This service has no running instance at the moment.")
NOT_FOUND = page("Not found", "There is nothing at this address.")
