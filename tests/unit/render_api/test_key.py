"""Render's key goes to Render, and nothing else goes in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from render_api.errors import RefusedError, RenderError
from tests.support.scripted_session import KEY, client, reply


def test_the_key_is_sent_and_never_shown() -> None:
    """The key is in the header and in no repr or error."""
    render, session, _ = client(reply(401, "Unauthorized"))

    with pytest.raises(RenderError) as caught:
        render.get("/services")

    assert session.header("Authorization") == f"Bearer {KEY}"
    assert KEY not in f"{render!r} {caught.value} {caught.value!r}"


def test_a_line_of_the_users_netrc_does_not_take_the_place_of_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`requests` puts it over a header; a `default` line is for every host."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    render, session, _ = client(reply(200, []))

    render.get("/services")

    assert session.header("Authorization") == f"Bearer {KEY}"


def test_the_key_does_not_follow_a_redirect() -> None:
    """An answer that points elsewhere is an error."""
    render, session, _ = client(reply(302, None, Location="https://elsewhere.test"))

    with pytest.raises(RefusedError, match="HTTP 302"):
        render.get("/services")

    assert session.options[0]["allow_redirects"] is False
