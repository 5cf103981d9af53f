"""The front end as a browser and a CDN meet it."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
import requests

from tests.support.app_process import APP, AppProcess, copy_of_app, run, variables
from tests.support.postgres_cluster import rows

FOREVER = "public, max-age=31536000, immutable"
ASSET = re.compile(r'"(/assets/[^"]+)"')


@pytest.fixture(scope="module")
def script(service: AppProcess) -> str:
    """The path of the page's script."""
    assets: list[str] = ASSET.findall(service.get("/").text)
    return next(path for path in assets if path.endswith(".js"))


def raw(service: AppProcess, path: str, coding: str, **headers: str) -> tuple[requests.Response, bytes]:
    """A response and its body as it is sent."""
    answer = service.get(path, headers={"Accept-Encoding": coding, **headers}, stream=True)
    return answer, answer.raw.read(decode_content=False)


def test_the_page_is_asked_for_each_time(service: AppProcess) -> None:
    """It decides what a visitor gets, so nobody keeps it without asking; it may be in no frame."""
    answer = service.get("/")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers
    assert "<title>Exams</title>" in answer.text


def test_every_asset_of_the_page_is_kept_for_ever(service: AppProcess) -> None:
    """Each is there, of its own type."""
    types = {}
    for path in ASSET.findall(service.get("/").text):
        answer = service.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, FOREVER)
        types[path.rpartition(".")[2]] = answer.headers["Content-Type"]

    assert types == {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("*;q=0", None),
        ("br;q=no", None),
        ("identity", None),
        ("", None),
    ],
)
def test_what_a_client_accepts_is_what_it_gets(
    service: AppProcess, script: str, accepted: str, coding: str | None
) -> None:
    """The smallest coding of those, told to caches by `Vary`, and the same content in each."""
    unpack: dict[str | None, Callable[[bytes], bytes]] = {
        "br": brotli.decompress,
        "gzip": gzip.decompress,
        None: lambda body: body,
    }

    answer, body = raw(service, script, accepted)

    assert answer.headers.get("Content-Encoding") == coding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert int(answer.headers["Content-Length"]) == len(body)
    assert unpack[coding](body) == (APP / "frontend/app.js").read_bytes()


@pytest.mark.parametrize("path", ["page", "script"])
def test_what_a_browser_has_is_not_sent_again(service: AppProcess, script: str, path: str) -> None:
    """304 for its tag: alone, among others, weakened by a CDN; 200 for another one's or another coding's."""
    where = "/" if path == "page" else script
    first, _ = raw(service, where, "br")
    tag = first.headers["ETag"]

    said = {
        known: raw(service, where, "br", **{"If-None-Match": known})
        for known in (tag, f'"x", {tag}', f"W/{tag}", "*", '"x"', tag.replace("-br", ""))
    }

    assert [answer.status_code for answer, _ in said.values()] == [304, 304, 304, 304, 200, 200]
    unchanged, body = said[tag]
    assert body == b""
    assert {name: unchanged.headers[name] for name in ("ETag", "Cache-Control", "Vary")} == {
        name: first.headers[name] for name in ("ETag", "Cache-Control", "Vary")
    }


def test_head_tells_what_get_would(service: AppProcess, script: str) -> None:
    """The same headers, and no body."""
    for path in ("/", script):
        got, told = service.get(path), service.request("HEAD", path)

        assert (told.status_code, told.content) == (200, b"")
        for name in ("Content-Length", "Content-Type", "ETag", "Cache-Control", "Content-Encoding", "Vary"):
            assert told.headers[name] == got.headers[name]


@pytest.mark.parametrize(
    ("wanted", "status", "first", "last"),
    [
        ("bytes=0-9", 206, 0, 9),
        ("bytes=0-0", 206, 0, 0),
        ("bytes=4690-", 206, 4690, -1),
        ("bytes=-5", 206, -5, -1),
        ("bytes=10-999999", 206, 10, -1),
        ("bytes=0-1,5-6", 200, 0, -1),
        ("bytes=9-1", 200, 0, -1),
        ("lines=0-1", 200, 0, -1),
        ("bytes=-", 200, 0, -1),
    ],
)
def test_a_part_is_sent_where_one_is_asked_for(
    service: AppProcess, script: str, wanted: str, status: int, first: int, last: int
) -> None:
    """What is no such request is answered whole."""
    content = (APP / "frontend/app.js").read_bytes()
    first, last = first % len(content), last % len(content)

    answer, body = raw(service, script, "identity", Range=wanted)

    assert (answer.status_code, body) == (status, content[first : last + 1])
    if status == 206:
        assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(content)}"


def test_a_part_of_nothing_or_of_something_else_is_refused(service: AppProcess, script: str) -> None:
    """416 behind the end; whole when the part was to go with another version."""
    size = (APP / "frontend/app.js").stat().st_size
    behind, body = raw(service, script, "identity", Range=f"bytes={size}-")
    other, whole = raw(service, script, "identity", **{"Range": "bytes=0-9", "If-Range": '"other"'})

    assert (behind.status_code, body, behind.headers["Content-Range"]) == (416, b"", f"bytes */{size}")
    assert (other.status_code, len(whole)) == (200, size)


@pytest.mark.parametrize(
    "path", ["/assets/app.0123456789.js", "/assets/app.js", "/assets/..%2Fstart.py", "/assets/x%00.0123456789.js"]
)
def test_a_missing_asset_is_never_the_page(service: AppProcess, path: str) -> None:
    """404 in plain text that no cache keeps: a release that brings it may be about to answer."""
    answer = service.get(path)

    assert (answer.status_code, answer.text) == (404, "there is no such asset\n")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_pages_are_read_and_not_written(service: AppProcess, script: str) -> None:
    """405 for anything but GET and HEAD; what is no page is no page."""
    assert [service.request("POST", path).status_code for path in ("/", script)] == [405, 405]
    assert service.get("/index.html").status_code == 404


def test_a_front_end_that_is_not_whole_never_starts(database: str, home: Path, tmp_path: Path) -> None:
    """Neither `web` nor `migrate`, which runs before a deploy; the database is as it was."""
    app = copy_of_app(tmp_path / "app")
    (app / "frontend/index.html").write_text("")

    for command in ("migrate", "web"):
        done = run("start.py", command, env=variables(database, home), app=app)
        assert done.returncode == 1
        assert done.stderr.splitlines()[0] == "cannot build the front end: index.html is missing or empty"
    assert rows(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
