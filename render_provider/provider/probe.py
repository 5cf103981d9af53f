"""Asking a deployed service itself. Render's key never goes there."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass

from render_api.body import beginning

SHOWN = 200  # characters of a body that an error shows
HIDDEN = re.compile(r"(?s)<!--.*?-->|<(style|script|head)\b.*?</\1>|<[^>]*>")
LOGIN = re.compile(r"""://[^\s"'<>]+@""")
SECRET = re.compile(
    r"""(?ix)
    (?P<name>\b[\w-]*(?:passw|passphrase|pwd|secret|token|key|dsn|authorization|cookie|credential|signature)[\w-]*
        ["']? (?:\s*(?:=>|[:=])\s* | \s+(?=["'])))  # a table has no more than a space between the two
    (?: (?P<quote>["'])(?:\\.|(?!(?P=quote)).)*(?P=quote)? | (?:(?:bearer|basic|token|digest)\s+)?[^\s"',;&]+ )
    """
)
JWT = re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*")
PATIENCE = 10  # seconds for one answer, and as many for its body
DIGITS = 9  # of a number of seconds; what has more is none


@dataclass(frozen=True)
class Answer:
    """What a URL answered."""

    status: int
    text: str = ""
    routing: str = ""
    """Why Render's edge answers itself, in its own word: `no-server` before anything is routed."""
    later: int = 0
    """The seconds after which it wants to be asked again (`Retry-After`)."""
    first: int = 0
    """The status before it led elsewhere, where it did."""
    circular: bool = False
    """Whether it leads elsewhere for ever."""

    @property
    def instance(self) -> str:
        """Which instance answers, where it says so."""
        try:
            told = json.loads(self.text)
        except (ValueError, RecursionError):
            return ""
        return str(told.get("instance") or "") if isinstance(told, dict) else ""

    def __str__(self) -> str:
        return f"HTTP {self.status}" + (f" {self.routing}" if self.routing else "")


def fetch(url: str) -> Answer | None:
    """What the URL answers now; nothing when it does not answer."""
    import requests

    try:
        # `auth`: nor do passwords of the user's .netrc.
        with requests.get(
            url, timeout=PATIENCE, headers={"Cache-Control": "no-cache"}, auth=lambda request: request, stream=True
        ) as answer:
            text = beginning(answer, seconds=PATIENCE)
    except requests.TooManyRedirects as error:
        status = error.response.status_code if error.response is not None else 310
        return Answer(status, "it redirects in a circle", circular=True)
    except requests.RequestException:
        return None
    later = answer.headers.get("retry-after", "")
    seconds = int(later) if later.isdecimal() and len(later) <= DIGITS else 0
    routing = answer.headers.get("x-render-routing", "")
    first = answer.history[0].status_code if answer.history else 0
    return Answer(answer.status_code, text, routing, seconds, first)


def shortened(text: str, *, end: int = 0) -> str:
    """A body's beginning, and so many characters of its end, as people read it, without what looks like a secret."""
    is_page = text.lstrip().startswith("<")
    plain = " ".join(html.unescape(HIDDEN.sub(" ", text)).split()) if is_page else text.strip()
    plain = JWT.sub("***", SECRET.sub(r"\g<name>\g<quote>***\g<quote>", LOGIN.sub("://***@", plain)))
    return plain if len(plain) <= SHOWN else f"{plain[: SHOWN - end]}…{plain[len(plain) - end :] if end else ''}"
