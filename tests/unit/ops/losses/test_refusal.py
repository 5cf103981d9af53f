"""What is gone with its data: told all at once, with the command that goes on without it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from console.errors import REFUSED, WRONG_USE, ExplainedError
from infra.load import from_file
from ops.context import Doors
from ops.doors.cloud import Cloud
from ops.losses import given_up, refusal
from tests.support.account_fakes import refused

STAGING = from_file("staging")
THERE: set[str] = set()
STATE = [
    ("render:index:Environment", "evm-1", "staging"),
    ("render:index:Postgres", "dpg-1", "cams-staging-db"),
    ("render:index:KeyValue", "red-1", "cams-staging-cache"),
    ("render:index:WebService", "srv-1", "cams-staging"),
    ("aws:s3/bucket:Bucket", "cams-staging-media-123456789012", ""),
    ("aws:kms/key:Key", "key-1", ""),
    ("aws:secretsmanager/secret:Secret", "arn:app", ""),
]


class Render(BaseHTTPRequestHandler):
    """Knows the things in THERE."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path.rpartition("/")[2] in THERE else 404)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Nothing to say."""


class Aws:
    """Its three services in one: what they say of what the state knows."""

    def __init__(self, bucket: str = "", key: str = "Enabled", deleted: datetime | None = None) -> None:
        self._bucket, self._key, self._deleted = bucket, key, deleted

    def head_bucket(self, **_: str) -> dict[str, Any]:
        if self._bucket:
            raise refused(self._bucket)
        return {}

    def describe_key(self, **_: str) -> dict[str, Any]:
        return {"KeyMetadata": {"KeyState": self._key, "DeletionDate": datetime(2026, 12, 3, tzinfo=UTC)}}

    def describe_secret(self, **_: str) -> dict[str, Any]:
        return {"Name": "cams-staging/app", "DeletedDate": self._deleted}


def doors(**what: Any) -> Doors:
    """AWS as a test wants it; without a word everything is there."""
    return Doors(aws=lambda *_: lambda service: Aws(**what))


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


def test_all_that_is_gone_is_refused_at_once(target: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """One command names everything, also what was given up already; what can be made anew is no loss."""
    monkeypatch.setitem(globals(), "THERE", {"red-1"})

    with pytest.raises(ExplainedError) as caught:
        refusal.refuse(doors(), target, STAGING, {"RENDER_RECREATE": "staging"})

    assert caught.value.code == REFUSED
    assert str(caught.value) == (
        "refused: deleted at Render, and not by Pulumi: the environment staging (evm-1), and with it everything that "
        "was in it; the database cams-staging-db (dpg-1), and with it all its data and Render's backups of them\n\n"
        "hint: nothing of it is left there; to go on with new, empty ones: "
        "./slipway up staging --recreate cams-staging-db --recreate staging"
    )


def test_another_failure_is_no_loss(target: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is there: what failed has been told by Pulumi."""
    monkeypatch.setitem(globals(), "THERE", {key for _, key, _ in STATE})

    refusal.refuse(doors(), target, STAGING, {})


def test_a_render_that_cannot_be_asked_is_no_loss(target: Cloud) -> None:
    """What failed has been told already."""
    refusal.refuse(doors(), Cloud({**target.variables, "RENDER_API_KEY": ""}, True), from_file("prod"), {})


def test_only_what_holds_data_is_given_up_by_name() -> None:
    """A mistyped name gives nothing up, and is told before anything is done."""
    assert given_up.variables([], STAGING) == {}
    assert given_up.variables(["cams-staging-db", "staging"], STAGING) == {
        "RENDER_RECREATE": "cams-staging-db,staging"
    }
    with pytest.raises(
        ExplainedError, match=r"^cannot recreate cams-prod-db: only what holds data is named"
    ) as caught:
        given_up.variables(["cams-prod-db"], STAGING)
    assert caught.value.code == WRONG_USE


def test_a_bucket_is_no_more_forgotten_than_a_database(target: Cloud) -> None:
    """A refresh would make a new one without a word: by name alone."""
    ways = doors(bucket="404")
    accepted = given_up.variables(["cams-staging-media-123456789012"], STAGING)

    with pytest.raises(ExplainedError) as caught:
        refusal.refuse_at_aws(ways, target, STAGING, {})
    refusal.refuse_at_aws(ways, target, STAGING, accepted)

    assert caught.value.code == REFUSED
    assert str(caught.value) == (
        "refused: deleted at AWS, and not by Pulumi: "
        "the bucket cams-staging-media-123456789012, and with it everything that was in it\n\n"
        "hint: nothing of it is left there; to go on with new, empty ones: "
        "./slipway up staging --recreate cams-staging-media-123456789012"
    )


def test_what_can_still_be_saved_is_refused_with_the_way(target: Cloud) -> None:
    """A refresh takes what is on its way out for gone: a new key opens nothing that the old one encrypted."""
    ways = doors(key="PendingDeletion", deleted=datetime(2026, 12, 26, tzinfo=UTC))

    with pytest.raises(ExplainedError) as caught:
        refusal.refuse_at_aws(ways, target, STAGING, {})

    assert caught.value.code == REFUSED
    assert "the KMS key key-1 will be on 2026-12-03, and with it all that it encrypted; " in str(caught.value)
    assert str(caught.value).endswith(
        "hint: to keep it: aws kms cancel-key-deletion --region eu-central-1 --key-id key-1 "
        "&& aws kms enable-key --region eu-central-1 --key-id key-1; "
        "aws secretsmanager restore-secret --region eu-central-1 --secret-id cams-staging/app; "
        "then ./slipway up staging"
    )


def test_a_bucket_that_may_not_be_looked_at_is_not_gone(target: Cloud) -> None:
    """Nor is anything when nobody can be asked."""
    ways = doors(bucket="403")
    refusal.refuse_at_aws(ways, target, STAGING, {})
