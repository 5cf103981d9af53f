"""One page of a listing: what comes after a marker, rolled up at a delimiter, in the order of UTF-8 bytes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from localcloud.aws.services.s3.errors import invalid_argument

LARGEST = 1000


@dataclass
class Page:
    """The entries of one page, and whether there are more after `last`, a name or a common prefix."""

    entries: list[Any] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    truncated: bool = False
    last: str = ""
    last_entry: Any = None  # absent where the page ends with a common prefix


@dataclass(frozen=True)
class Query:
    """What of a listing is asked for."""

    prefix: str = ""
    delimiter: str = ""
    after: str = ""  # only names and common prefixes behind this one
    limit: int = LARGEST

    def page(self, entries: Iterable[tuple[str, Any]]) -> Page:
        """The page of these entries, which are in order. A common prefix counts as one, whatever it stands for."""
        page = Page()
        for name, entry in entries:
            if not name.startswith(self.prefix):
                continue
            rolled = self._common_prefix(name)
            if rolled and (rolled == page.last or in_order(rolled) <= in_order(self.after)):
                continue
            if len(page.entries) + len(page.prefixes) == self.limit:
                page.truncated = self.limit > 0
                break
            page.last, page.last_entry = rolled or name, None if rolled else entry
            if rolled:
                page.prefixes.append(rolled)
            else:
                page.entries.append(entry)
        return page

    def _common_prefix(self, name: str) -> str:
        if not self.delimiter:
            return ""
        head, found, _ = name[len(self.prefix) :].partition(self.delimiter)
        return self.prefix + head + found if found else ""


def in_order(name: str) -> bytes:
    """What S3 sorts by."""
    return name.encode("utf-8", "surrogatepass")


def limit_of(query: dict[str, str], name: str = "max-keys", argument: str = "maxKeys") -> int:
    """How many a page may have: at most 1,000, whatever is asked for."""
    text = query.get(name, "")
    if not text:
        return LARGEST
    number = integer(text, name)
    if number < 0:
        raise invalid_argument(f"Argument {argument} must be an integer between 0 and 2147483647")
    return min(number, LARGEST)


def integer(text: str, name: str) -> int:
    """A parameter that is a number."""
    if not (text.removeprefix("-").isascii() and text.removeprefix("-").isdigit()) or abs(int(text[:12])) > 2**31 - 1:
        raise invalid_argument(f"Provided {name} not an integer or within integer range")
    return int(text)


def encoding_of(query: dict[str, str]) -> str | None:
    """How names are to be written."""
    encoding = query.get("encoding-type")
    if encoding not in (None, "url"):
        raise invalid_argument("Invalid Encoding Method specified in Request")
    return encoding


def written(name: str, encoding: str | None) -> str:
    """A name as it stands in the answer: as Java's URLEncoder has it, but for the slash."""
    if encoding != "url":
        return name
    return quote_plus(name, safe="/*", errors="surrogatepass").replace("~", "%7E")


def token(name: str) -> str:
    """What a client gives back for the next page; it says nothing to it."""
    content = in_order(name)
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()[:6] + content).decode()


def behind(text: str) -> str:
    """The name that a token stands for."""
    try:
        content = base64.b64decode(text.encode(), altchars=b"-_", validate=True)
        name = content[6:].decode("utf-8", "surrogatepass")
    except ValueError:
        name = ""
    if not name or token(name) != text:
        raise invalid_argument("The continuation token provided is incorrect")
    return name
