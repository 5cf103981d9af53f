"""Whatever runs for a service finds its token in a file, fresh by the cloud's clock, and leaves none behind."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet

from localcloud.machine import clock, identity
from localcloud.render.oidc.issuer import issuer
from localcloud.render.runtime.protocols import Runtime
from localcloud.render.runtime.values import Run
from tests.support.runtime import release, running, web
from tests.support.waiting import eventually

APP = """
import http.server, os
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = os.environ.get("AWS_WEB_IDENTITY_TOKEN_FILE", "").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Answer).serve_forever()
"""
SHOW = ("python", "-c", "import os; print('token', open(os.environ['AWS_WEB_IDENTITY_TOKEN_FILE']).read())")


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """One that runs."""
    with running(tmp_path_factory.mktemp("cloud")) as made:
        yield made


def claims(token: str) -> dict[str, Any]:
    """Verified by what the issuer publishes."""
    keys = KeySet.import_key_set(issuer(identity.load().render_owner_id).jwks())  # type: ignore[arg-type] # as it is published
    return dict(jwt.decode(token, keys, algorithms=["RS256"]).claims)


def start(runtime: Runtime, service: str, folder: Path, subject: str) -> list[Path]:
    """Bring a service up; where its instances' tokens are."""
    runtime.instances.start(replace(web(service, "dep-1", release(folder, "one", APP), count=2), subject=subject))
    runtime.instances.switch(service, "dep-1")
    ports = [one.port for one in runtime.instances.of(service)]
    return [Path(requests.get(f"http://127.0.0.1:{port}/", timeout=5).text) for port in ports]


def test_every_instance_has_a_token_of_its_own(runtime: Runtime, tmp_path: Path) -> None:
    """It says which service it is, for AWS; nobody else may read it; it goes with the instance."""
    files = start(runtime, "srv-tokens", tmp_path, "workspace:tea:environment:evm:service:srv-tokens")

    said = [claims(file.read_text()) for file in files]
    assert [one["sub"] for one in said] == ["workspace:tea:environment:evm:service:srv-tokens"] * 2
    assert {one["aud"] for one in said} == {"sts.amazonaws.com"}
    assert {one["iss"] for one in said} == {f"https://oidc.render.com/{identity.load().render_owner_id}"}
    assert said[0]["exp"] - said[0]["iat"] == 3600
    assert said[0]["jti"] != said[1]["jti"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    runtime.instances.stop("srv-tokens")
    assert [file.parent.exists() for file in files] == [False, False]


def test_a_token_is_renewed_before_it_ends(runtime: Runtime, tmp_path: Path) -> None:
    """By the cloud's clock: after its half, and at once when the clock has jumped."""
    [file, _] = start(runtime, "srv-renewed", tmp_path, "workspace:tea:environment:evm:service:srv-renewed")
    first = claims(file.read_text())
    clock.forward(clock.now() + timedelta(minutes=29))
    kept = claims(file.read_text())

    clock.forward(datetime.now(UTC) + timedelta(minutes=31))
    eventually(lambda: claims(file.read_text())["jti"] != first["jti"])

    assert kept == first
    assert claims(file.read_text())["exp"] > clock.now().timestamp() + 3500
    runtime.instances.stop("srv-renewed")


def test_a_command_that_runs_once_has_a_token_too(runtime: Runtime, tmp_path: Path) -> None:
    """Jobs, cron runs and pre-deploy commands; without a subject there is none."""
    what = release(tmp_path, "one", APP)
    run = Run("srv-runs", "run-1", what, SHOW, {}, log_name="run", timeout=20, subject="workspace:tea")

    code = runtime.instances.run(run, print)
    without = runtime.instances.run(replace(run, subject="", run_id="run-2"), print)

    [shown] = [line.text for line in runtime.logs.read("srv-runs", limit=50) if line.text.startswith("token ")]
    assert (code, without) == (0, 1)
    assert claims(shown.removeprefix("token "))["sub"] == "workspace:tea"


def test_what_a_service_sets_itself_wins(runtime: Runtime, tmp_path: Path) -> None:
    """The variable is its own to set."""
    what = release(tmp_path, "one", APP)
    show = ("python", "-c", "import os; print('file', os.environ['AWS_WEB_IDENTITY_TOKEN_FILE'])")
    given = {"AWS_WEB_IDENTITY_TOKEN_FILE": "/own"}
    runtime.instances.run(Run("srv-own", "run", what, show, given, log_name="run", timeout=20, subject="any"), print)

    assert [line.text for line in runtime.logs.read("srv-own", limit=50)][-1] == "file /own"
