"""Lists, a page at a time, with the links to the others.

https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from localcloud.github.api.call import Call, Reply

MOST = 100
USUAL = 30
T = TypeVar("T")


def page(call: Call, items: Sequence[T], show: Callable[[T], Any], envelope: str | None = None) -> Reply:
    """One page; with `envelope` it is an object that also counts all of them."""
    size, number = min(_number(call, "per_page", USUAL), MOST), _number(call, "page", 1)
    shown = [show(item) for item in items[(number - 1) * size : number * size]]
    value = shown if envelope is None else {"total_count": len(items), envelope: shown}
    return Reply(value, headers=_links(call, number, max(-(-len(items) // size), 1)))


def _links(call: Call, number: int, last: int) -> dict[str, str]:
    pages = {
        **({"prev": min(number - 1, last)} if number > 1 else {}),
        **({"next": number + 1, "last": last} if number < last else {}),
        **({"first": 1} if number > 1 else {}),
    }
    query = {name: value for name, value in call.request.args.items() if name != "page"}
    address = (
        f"{call.request.host_url.rstrip('/')}{call.request.path}"  # as it was asked: clients send tokens nowhere else
    )
    links = [f'<{address}?{urlencode({**query, "page": to})}>; rel="{name}"' for name, to in pages.items()]
    return {"Link": ", ".join(links)} if links else {}


def _number(call: Call, name: str, usual: int) -> int:
    text = call.query(name)
    return int(text) if text.isdecimal() and len(text) < 10 and int(text) > 0 else usual
