"""The one door to Render's API."""

from __future__ import annotations

from typing import Any

import pytest

from render_api.client import Client
from render_api.errors import (
    NotFound,
    RefusedError,
    RenderError,
)
from tests.support.scripted_session import HOST, KEY, client, reply


def test_a_refusal_says_what_was_asked_why_not_and_under_which_request() -> None:
    """The operator reads Render's own reason and can name the request to Render's support."""
    render, _, _ = client(reply(400, {"message": "invalid plan"}, Render_Request_Id="req-7"))

    with pytest.raises(RefusedError) as caught:
        render.post("/postgres", {"plan": "x"})

    assert str(caught.value) == "POST /postgres: invalid plan (HTTP 400, request req-7)"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"error": "rate limit exceeded"}, "rate limit exceeded"),
        ({"id": "x"}, "Reason"),
        ("Unauthorized\n", "Unauthorized"),
        ([1], "[1]"),
        ("", "Reason"),
    ],
)
def test_error_bodies_come_in_every_shape(body: dict[str, Any] | str | list[int], reason: str) -> None:
    """401s are plain text, 404s have a message, 429s an error: whatever there is becomes the reason."""
    render, _, _ = client(reply(403, body))

    with pytest.raises(RefusedError) as caught:
        render.get("/services")

    assert caught.value.reason == reason


@pytest.mark.parametrize("status", [404, 410])
def test_gone_is_not_found(status: int) -> None:
    """Render says 404 for what never was and 410 for what is no more; both mean that it is not there."""
    render, _, _ = client(reply(status, {"message": "not found: srv-1"}))

    with pytest.raises(NotFound):
        render.get("/services/srv-1")


def test_deleting_what_is_gone_succeeds() -> None:
    """A destroy can be run twice."""
    render, session, _ = client(reply(404, {"message": "not found"}))

    render.delete("/services/srv-1")

    assert session.asked == [("DELETE", f"{HOST}/services/srv-1", None)]


def test_a_delete_that_is_refused_fails() -> None:
    """Only the missing may be forgotten."""
    render, _, _ = client(reply(403, "Forbidden"))

    with pytest.raises(RefusedError, match="Forbidden"):
        render.delete("/services/srv-1")


def test_a_list_is_read_to_its_end_by_cursor() -> None:
    """Pages follow the last item's cursor until one is short."""
    first = [{"cursor": f"c{number}", "service": {"id": number}} for number in range(100)]
    render, session, _ = client(reply(200, first), reply(200, [{"cursor": "z", "service": {"id": 100}}]))

    found = list(render.pages("/services", {"name": "a"}, envelope="service"))

    assert [service["id"] for service in found] == list(range(101))
    assert [options["params"].get("cursor") for options in session.options] == [None, "c99"]


def test_a_list_without_envelopes_is_read_too() -> None:
    """Registry credentials come bare; an empty list may come as null."""
    render, _, _ = client(reply(200, [{"id": "rgc-1"}]), reply(200, "null"))

    assert list(render.pages("/registrycredentials")) == [{"id": "rgc-1"}]
    assert list(render.pages("/registrycredentials")) == []


def test_a_body_that_is_no_json_is_nothing() -> None:
    """Restart answers 200 with no body, some calls with plain text."""
    render, _, _ = client(reply(202, ""), reply(200, "OK"))

    assert render.post("/services/srv-1/scale", {}) is None
    assert render.get("/services/srv-1/restart") is None


def test_the_key_and_host_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same variables as Render's own tools."""
    monkeypatch.setenv("RENDER_API_KEY", KEY)
    monkeypatch.setenv("RENDER_HOST", "http://127.0.0.1:1/v1/")

    assert Client.from_env().host == "http://127.0.0.1:1/v1"


def test_no_key_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent without a key."""
    monkeypatch.delenv("RENDER_API_KEY", raising=False)

    with pytest.raises(RenderError, match="no API key: RENDER_API_KEY is not set\n\nhint: export"):
        Client.from_env()
