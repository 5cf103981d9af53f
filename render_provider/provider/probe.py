"""Asking a deployed service itself. Render's key never goes there."""

from __future__ import annotations

import re
from dataclasses import dataclass

SHOWN = 200  # characters of a body that an error shows
HIDDEN = re.compile(r"(?s)<!--.*?-->|<(style|script|head)\b.*?</\1>|<[^>]*>")
LOGIN = re.compile(r"://[^\s/@]+@")
SECRET = re.compile(
    r"""(?i)(\b[\w-]*(?:passw|secret|token|key|dsn|authorization)[\w-]*["']?\s*[:=]\s*["']?)[^\s"',;&]+"""
)


@dataclass(frozen=True)
class Answer:
    """What a URL answered."""

    status: int
    text: str = ""
    routing: str = ""
    """Why Render's edge answers itself, in its own word: `no-server` before anything is routed."""

    def __str__(self) -> str:
        return f"HTTP {self.status}" + (f" {self.routing}" if self.routing else "")


def fetch(url: str) -> Answer | None:
    """What the URL answers now; nothing when it does not answer."""
    import requests

    try:
        # `auth`: nor do passwords of the user's .netrc.
        answer = requests.get(url, timeout=10, headers={"Cache-Control": "no-cache"}, auth=lambda request: request)
    except requests.TooManyRedirects as error:
        return Answer(error.response.status_code if error.response is not None else 310, "it redirects in a circle")
    except requests.RequestException:
        return None
    return Answer(answer.status_code, answer.text, answer.headers.get("x-render-routing", ""))


def shortened(text: str, *, end: int = 0) -> str:
    """A body's beginning, and so many characters of its end, as people read it, without what looks like a secret."""
    plain = " ".join(HIDDEN.sub(" ", text).split()) if text.lstrip().startswith("<") else text.strip()
    plain = SECRET.sub(r"\1***", LOGIN.sub("://***@", plain))
    return plain if len(plain) <= SHOWN else f"{plain[: SHOWN - end]}…{plain[len(plain) - end :] if end else ''}"
