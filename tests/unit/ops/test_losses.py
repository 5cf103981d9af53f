"""What is gone with its data: told all at once, with the command that goes on without it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from ops import losses
from ops.cloud import Cloud
from ops.errors import REFUSED, WRONG_USE, OpsError

THERE: set[str] = set()
STATE = [
    ("render:index:Environment", "evm-1", "staging"),
    ("render:index:Postgres", "dpg-1", "cams-staging-db"),
    ("render:index:KeyValue", "red-1", "cams-staging-cache"),
    ("render:index:WebService", "srv-1", "cams-staging"),
]


class Render(BaseHTTPRequestHandler):
    """Knows the things in THERE."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path.rpartition("/")[2] in THERE else 404)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Nothing to say."""


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Cloud]:
    """A cloud whose state is a file and whose Render is here."""
    state = tmp_path / ".pulumi/stacks/cams/staging.json"
    state.parent.mkdir(parents=True)
    resources = [{"type": kind, "id": key, "inputs": {"name": name}} for kind, key, name in STATE]
    state.write_text(json.dumps({"checkpoint": {"latest": {"resources": resources}}}))
    with HTTPServer(("127.0.0.1", 0), Render) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host = f"http://127.0.0.1:{server.server_port}/v1"
        yield Cloud({"PULUMI_BACKEND_URL": f"file://{tmp_path}", "RENDER_API_KEY": "k", "RENDER_HOST": host}, True)
        server.shutdown()


def test_all_that_is_gone_is_refused_at_once(target: Cloud, monkeypatch: pytest.MonkeyPatch):
    """One command names everything, also what was given up already; what can be made anew is no loss."""
    monkeypatch.setitem(globals(), "THERE", {"red-1"})

    with pytest.raises(OpsError) as caught:
        losses.refuse(target, "staging", given_up={"RENDER_RECREATE": "staging"})

    assert caught.value.code == REFUSED
    assert str(caught.value) == (
        "refused: deleted at Render, and not by Pulumi: the environment staging (evm-1), and with it everything that "
        "was in it; the database cams-staging-db (dpg-1), and with it all its data and Render's backups of them\n\n"
        "hint: nothing of it is left there; to go on with new, empty ones: "
        "./slipway up staging --recreate cams-staging-db --recreate staging"
    )


def test_another_failure_is_no_loss(target: Cloud, monkeypatch: pytest.MonkeyPatch):
    """Everything is there: what failed has been told by Pulumi."""
    monkeypatch.setitem(globals(), "THERE", {key for _, key, _ in STATE})

    losses.refuse(target, "staging", given_up={})


def test_a_render_that_cannot_be_asked_is_no_loss(target: Cloud):
    """What failed has been told already."""
    losses.refuse(Cloud({**target.variables, "RENDER_API_KEY": ""}, True), "prod", given_up={})


def test_only_what_holds_data_is_given_up_by_name():
    """A mistyped name gives nothing up, and is told before anything is done."""
    assert losses.check([], "staging") == {}
    assert losses.check(["cams-staging-db", "staging"], "staging") == {"RENDER_RECREATE": "cams-staging-db,staging"}
    with pytest.raises(OpsError, match=r"^cannot recreate cams-prod-db: only what holds data is named") as caught:
        losses.check(["cams-prod-db"], "staging")
    assert caught.value.code == WRONG_USE
