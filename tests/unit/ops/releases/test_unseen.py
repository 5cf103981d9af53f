"""A release that comes in maintenance: nobody sees it, so nobody says that it is good until somebody does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from console.errors import ExplainedError
from ops.doors.web import Visit
from render_api.errors import NotFound
from tests.support.released_fakes import NEW, OLD, Staging, fails_on_posts, passage, released


def maintained() -> Staging:
    """In maintenance: whatever is asked, the page answers."""
    there = Staging(answers=lambda method, path, version: Visit(503, 0.01, "maintenance"))
    there.render.maintained.add("srv-web")
    return there


def test_it_is_deployed_and_not_said_to_have_passed() -> None:
    """The note of what served before stays for whoever looks at it next."""
    there = maintained()

    assert released(there) == 0

    assert set(there.render.runs().values()) == {NEW}
    assert there.ssm.versions["/cams/staging/gate"]
    assert there.told()[-1]["outcome"] == "unseen, in maintenance"
    assert there.ssm.labelled == 0


def test_the_first_up_after_it_lets_it_pass() -> None:
    """Nothing has to move for that."""
    there = maintained()
    released(there)
    there.render.maintained.clear()
    there.answers = Staging().answers

    assert passage(there).through(lambda: 0) == 0

    assert set(there.render.runs().values()) == {NEW}
    assert "/cams/staging/gate" not in there.ssm.versions


def test_the_first_up_after_it_takes_it_back() -> None:
    """It is held to what every release is held to: that the page failed, too, excuses nothing."""
    there = maintained()
    released(there)
    there.render.maintained.clear()
    there.answers = fails_on_posts

    with pytest.raises(ExplainedError, match=r"staging was rolled back to sha256:a{12}"):
        passage(there).through(lambda: 0)

    assert set(there.render.runs().values()) == {OLD}


def test_an_up_that_moves_nothing_is_none() -> None:
    """Maintenance alone leaves no note."""
    there = maintained()

    assert passage(there).through(lambda: 0) == 0

    assert "/cams/staging/gate" not in there.ssm.versions
    assert there.told() == []


def test_a_web_service_that_is_gone_is_not_in_maintenance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody deleted it: `up` is what makes it anew, so nothing that is asked before may end it."""
    there = Staging()
    ask = there.render.get

    def get(path: str, params: Mapping[str, Any] | None = None) -> Any:
        if path == "/services/srv-web":
            raise NotFound(f"GET {path}", "not found", status=404)
        return ask(path, params)

    monkeypatch.setattr(there.render, "get", get)

    assert passage(there).through(lambda: 0) == 0
