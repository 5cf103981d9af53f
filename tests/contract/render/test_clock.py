"""Thirty days of the local Render in a minute: each cron run at its own time, and really run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import requests

from tests.support.local_render import CHECKOUT, LocalRender
from tests.support.waiting import eventually

FROM_REPOSITORY = {"runtime": "python", "plan": "starter", "region": "frankfurt"}


@pytest.fixture(scope="module")
def render(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalRender]:
    """A local Render with a program that notes each of its runs, and sleeps if it is told so."""
    local = LocalRender(tmp_path_factory.mktemp("slipway"))
    program = (
        f"import sys, time; open({str(local.root / 'runs')!r}, 'a').write('run\\n'); time.sleep(int(sys.argv[1]))"
    )
    local.push("main", {"note.py": program})
    yield local
    local.stop()


def _cron(render: LocalRender, name: str, schedule: str, command: str) -> str:
    details = {"schedule": schedule, "envSpecificDetails": {"buildCommand": "true", "startCommand": command}}
    body = {"type": "cron_job", "name": name, "ownerId": render.owner, "repo": "https://github.com/example/cams"}
    made = render.api(
        "POST", "/services", {**body, "branch": "main", "serviceDetails": {**FROM_REPOSITORY, **details}}
    )
    service: str = made["service"]["id"]
    deploys = f"/services/{service}/deploys"
    eventually(lambda: render.api("GET", deploys)[0]["deploy"]["status"] == "live", "the cron job is live", 60)
    return service


def _move(render: LocalRender, to: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "localcloud", "clock", to, "--json"]
    environment = {**os.environ, "SLIPWAY_ROOT": str(render.root)}
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def _runs(render: LocalRender, service: str) -> list[dict[str, Any]]:
    runs: list[dict[str, Any]] = requests.get(f"{render.url}/_local/cron-jobs/{service}/runs", timeout=10).json()
    return runs


def test_thirty_days_of_a_daily_cron_job_pass_in_a_minute(render: LocalRender) -> None:
    """It runs thirty times, once each day at three, and each run has ended well."""
    service = _cron(render, "daily", "0 3 * * *", "python note.py 0")
    began = time.monotonic()

    said = _move(render, "+30d")

    runs = _runs(render, service)
    times = [datetime.fromisoformat(run["startedAt"]) for run in runs]
    assert time.monotonic() - began < 60
    assert [run["status"] for run in runs] == ["successful"] * 30
    assert len({moment.date() for moment in times}) == 30
    assert {(moment.hour, moment.minute) for moment in times} == {(3, 0)}
    assert (render.root / "runs").read_text().count("run") == 30
    assert [(each["what"], each["name"], each["outcome"]) for each in said["happened"]] == [
        ("cron run", "daily", "done")
    ] * 30
    last = datetime.fromisoformat(render.api("GET", f"/services/{service}")["serviceDetails"]["lastSuccessfulRunAt"])
    assert last.date() == max(times).date()


def test_a_run_that_is_still_going_is_not_doubled(render: LocalRender) -> None:
    """What is due meanwhile is left out, and told."""
    service = _cron(render, "slow", "0 * * * *", "python note.py 30")
    requests.post(
        f"{render.url}/v1/cron-jobs/{service}/runs",
        headers={"Authorization": f"Bearer {render.environment['RENDER_API_KEY']}"},
        timeout=10,
    ).raise_for_status()

    said = _move(render, "+2h")

    outcomes = [each["outcome"] for each in said["happened"] if each["name"] == "slow"]
    assert outcomes == ["skipped", "skipped"]
    assert len(_runs(render, service)) == 1


def test_a_run_that_fails_is_told(render: LocalRender) -> None:
    """With how it ended."""
    _cron(render, "failing", "30 * * * *", "python -c 'raise SystemExit(3)'")

    said = _move(render, "+1h")

    [told] = [each for each in said["happened"] if each["name"] == "failing"]
    assert (told["outcome"], told["detail"]) == ("failed", "unsuccessful; see its log")
