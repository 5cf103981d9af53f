"""Requests that cannot leave, or get no answer, because of what the shell or the network put in between."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import requests

from render_api.client import Client
from render_api.errors import RenderError, UnknownOutcomeError, UnreachableError
from tests.support.scripted_session import Clock, client

HOST = "https://api.render.test/v1"
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.fixture(autouse=True)
def bare_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@contextmanager
def answering(answer: bytes) -> Iterator[tuple[int, Callable[[], int]]]:
    """A port where everybody gets that answer, and how many have asked."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                with line:
                    asked.append(line.recv(4096))
                    line.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield server.getsockname()[1], lambda: len(asked)
        finally:
            server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:9", "Missing dependencies for SOCKS support."),
        ("HTTPS_PROXY", "http://:", "Please check proxy URL. It is malformed and could be missing the host."),
        ("HTTPS_PROXY", "http://me:canary@127.0.0.1:99999", r"Failed to parse: http://\*\*\*@127.0.0.1:99999"),
        ("REQUESTS_CA_BUNDLE", "/nope", "Could not find a suitable TLS CA certificate bundle, invalid path: /nope"),
    ],
)
def test_a_proxy_or_a_file_that_cannot_be_used_is_told_at_once(
    name: str, value: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its password, and with what to look at."""
    monkeypatch.setenv(name, value)
    clock = Clock()

    with pytest.raises(
        UnreachableError, match=f"^GET /owners: {why}\n\nhint: mend or unset what names it: env"
    ) as caught:
        Client("rnd_canary", host=HOST, clock=clock).get("/owners")

    assert "canary" not in str(caught.value)
    assert clock.waits == []


@pytest.mark.parametrize("host", ["api.render.test/v1", "https://", "http://a..b/"])
def test_a_host_that_is_none_is_told_at_once(host: str) -> None:
    """RENDER_HOST without https://, or cut off."""
    clock = Clock()

    with pytest.raises(UnreachableError, match=r"RENDER_HOST"):
        Client("rnd_canary", host=host, clock=clock).get("/owners")

    assert clock.waits == []


def test_a_proxy_that_lets_nobody_through_has_carried_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it said is told, and a create is no unknown outcome."""
    refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"
    with answering(refusal) as (port, asked):
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:canary@127.0.0.1:{port}")

        with pytest.raises(
            UnreachableError, match=r"\(Tunnel connection failed: 407 Proxy Auth.*\n.*\n.*proxy"
        ) as caught:
            Client("rnd_canary", host=HOST, clock=Clock()).post("/services", {})

        assert asked() == 6
    assert "canary" not in str(caught.value)


def test_a_certificate_that_nobody_knows_is_told_at_once() -> None:
    """As behind a proxy that opens TLS: Render is up, and asking again is no use."""
    unknown = requests.exceptions.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
    render, session, clock = client(unknown)

    with pytest.raises(UnreachableError, match=r"signed by nobody known here\n\nhint: .*REQUESTS_CA_BUNDLE"):
        render.post("/services", {})

    assert (len(session.asked), clock.waits) == (1, [])


def test_an_answer_that_is_cut_short_may_have_been_one() -> None:
    """Of a create nothing is known."""
    render, _, _ = client(requests.exceptions.ContentDecodingError("incorrect header check"))

    with pytest.raises(UnknownOutcomeError):
        render.post("/services", {})


@pytest.mark.parametrize("key", ["rnd_a\nb", "rnd_canary\u20ac", "rnd_ü"])
def test_a_key_that_cannot_be_one_is_never_shown(key: str) -> None:
    """Nor sent: the error of the HTTP library would repeat it."""
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") as (port, asked):
        with pytest.raises(RenderError, match="the API key cannot be one") as caught:
            Client(key, host=f"http://127.0.0.1:{port}", clock=Clock()).get("/owners")

        assert asked() == 0
    assert key not in str(caught.value)


def test_the_end_of_a_files_line_belongs_to_no_key() -> None:
    """`export RENDER_API_KEY=$(cat key)` of a file from Windows."""
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") as (port, asked):
        assert Client("rnd_canary\r\n", host=f"http://127.0.0.1:{port}", clock=Clock()).get("/owners") == {}
        assert asked() == 1
