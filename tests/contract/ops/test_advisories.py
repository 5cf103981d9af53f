"""pip-audit asks somebody who speaks as OSV does, and what it tells is read."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ops.doors.advisories import UnreachableError, advisories

FIXED = {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9.0"}]}
WEAK = {
    "id": "PYSEC-2026-1",
    "aliases": ["CVE-2026-7"],
    "details": "it is weak",
    "affected": [{"package": {"name": "django", "ecosystem": "PyPI"}, "ranges": [FIXED], "versions": ["5.2.1"]}],
}


class Osv(BaseHTTPRequestHandler):
    """https://google.github.io/osv.dev/post-v1-query."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = json.dumps({"vulns": [WEAK]} if asked["package"]["name"] == "django" else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def osv() -> Iterator[str]:
    """Its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Osv) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
        server.shutdown()


def test_what_is_known_of_a_package_is_told_with_what_mends_it(osv: str) -> None:
    """By all its names; nothing of a package that has none."""
    weak, well = advisories([("django", "5.2.1"), ("psycopg", "3.2.0")], osv)

    assert (weak["name"], well["vulns"]) == ("django", [])
    assert [(one["id"], one["aliases"], one["fix_versions"]) for one in weak["vulns"]] == [
        ("PYSEC-2026-1", ["CVE-2026-7"], ["9.0"])
    ]


def test_nobody_there_is_no_clean_bill() -> None:
    """The reason is told."""
    with pytest.raises(UnreachableError, match=r"refused|Failed to establish"):
        advisories([("django", "5.2.1")], "http://127.0.0.1:1/v1/query")
