"""Cron jobs and one-off jobs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from localcloud.render.cron_runs.schedule import Scheduler
from tests.support.render_api_fake import OWNER, Api, create, serving, web
from tests.support.waiting import eventually


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with serving(tmp_path) as served:
        yield served


def test_a_cron_image_deploy_is_live_in_the_reply(api: Api) -> None:
    """A deploy of an image-backed cron job has ended when the reply comes."""
    cron, _ = create(api, web("nightly", type="cron_job", details={"schedule": "0 3 * * *"}))

    deploy = api.call("POST", f"/v1/services/{cron['id']}/deploys", {}, status=201)

    assert cron["id"].startswith("crn-")
    assert cron["slug"].startswith("nightly-")
    assert deploy["status"] == "live"


def test_cron_jobs_run_on_demand_and_on_schedule(api: Api) -> None:
    """A run on demand ends with its command; the schedule starts one when it is due, not before."""
    cron, _ = create(api, web("nightly", type="cron_job", details={"schedule": "0 3 * * *"}))
    path = f"/cron-jobs/{cron['id']}/runs"
    run = api.call("POST", f"/v1{path}", status=200)
    eventually(lambda: api.call("GET", f"/_local{path}")[0]["status"] == "successful")

    scheduler = Scheduler(api.render)
    night = datetime(2026, 1, 1, 2, 59, tzinfo=UTC)
    started: list[list[str]] = []

    async def tick() -> None:
        for minutes in (0, 0.5, 1.5, 1.6):
            now = night + timedelta(minutes=minutes)
            scheduler.tick(now)
            started.append([due.service.id for due in scheduler.was_due(now) if due.run])

    asyncio.run_coroutine_threadsafe(tick(), api.render.tasks.loop).result(10)

    assert (run["status"], run["id"][:4]) == ("pending", "crr-")
    assert started == [[], [], [cron["id"]], []]


def test_one_off_jobs(api: Api) -> None:
    """A job runs its command with the live release and ends as succeeded or failed; its id tells its own lines."""
    service, _ = create(api, web())
    path = f"/v1/services/{service['id']}/jobs"

    good = api.call("POST", path, {"startCommand": "true"}, status=201)
    eventually(lambda: api.call("GET", f"{path}/{good['id']}")["status"] == "succeeded")
    api.runtime.exit_code = 3
    bad = api.call("POST", path, {"startCommand": "false"}, status=201)
    eventually(lambda: api.call("GET", f"{path}/{bad['id']}")["status"] == "failed")

    for job in (good, bad):
        api.runtime.logs.append(service["id"], f"{job['id']} speaks", type="app", instance=job["id"])
    logs = f"/v1/logs?ownerId={OWNER}&resource="
    told = {one: api.call("GET", logs + one, status=200)["logs"] for one in (service["id"], bad["id"])}

    assert good["status"] == "pending"
    assert [item["job"]["id"] for item in api.call("GET", path)] == [bad["id"], good["id"]]
    assert [line["message"] for line in told[bad["id"]]] == [f"{bad['id']} speaks"]
    assert {f"{job['id']} speaks" for job in (good, bad)} <= {line["message"] for line in told[service["id"]]}
