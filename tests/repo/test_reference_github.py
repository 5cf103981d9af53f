"""What the reference says of the local GitHub is what its route table has."""

from __future__ import annotations

import re

from localcloud.github.api import table
from tests.support.tracked import text

PAGE = "docs/reference/github.md"


def listed() -> dict[str, set[str]]:
    """The methods of each address in the page's table."""
    rows = re.findall(r"^\| `(/[^`]*)` \| ([A-Z, ]+) \|", text(PAGE).partition("## Routes")[2], re.MULTILINE)
    return {path: set(methods.split(", ")) for path, methods in rows}


def built() -> dict[str, set[str]]:
    """The methods of each address in the route table."""
    found: dict[str, set[str]] = {}
    for route in table.routes():
        found.setdefault(route.path.replace(":path", ""), set()).add(route.method)
    return found


def test_every_route_is_listed_and_no_other() -> None:
    """Whoever adds one says so where people look."""
    assert listed() == built()


def test_every_route_of_github_says_where_its_reference_is() -> None:
    """It is what refusals lead to; this cloud's own have none."""
    mute = [route.path for route in table.routes() if bool(route.docs) == route.path.startswith("/_local/")]

    assert mute == []


def test_what_is_not_built_is_said_in_the_page() -> None:
    """Each refusal with 501 by what it is about."""
    page = text(PAGE)

    assert [word for word in ("restrictions", "teams", "auto_merge", "sealing") if word not in page] == []
