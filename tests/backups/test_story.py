"""From the night when a backup is made to the day when a table is gone."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
import requests
from botocore.exceptions import ClientError

from bench.isolation.scene import Scene
from tests.support.jobs import Jobs
from tests.support.world import Environment, World


def test_the_schedule_makes_a_backup_that_is_told(jobs: Jobs, backup: str) -> None:
    """By the job's own role, with the release that runs in its manifest; and the alarm is armed."""
    [key] = jobs.manifests()
    manifest = jobs.read(key)

    assert manifest["id"] == backup
    assert manifest["contents"]["tables"]["public.exams_exam"]["rows"] == 1
    assert manifest["release"] == jobs.environment.image().partition("@")[2]
    assert jobs.wait_for(lambda: jobs.alarm("no-backup") == "OK", "the alarm knows of a backup")


def test_who_wrote_it_can_neither_take_it_back_nor_open_it(jobs: Jobs, scene: Scene, backup: str) -> None:
    """Not delete, not put over, not unlock; what it may read is sealed, and what opens that it may not read."""
    names, key = jobs.stack.names, next(key for key in jobs.stored() if key.endswith("/archive"))
    token = scene.render_token(
        scene.environment_ids["staging"], scene.service("staging", "backup"), more=jobs.times()
    )
    writer = scene.assume("staging", "backup", token)
    where = {"Bucket": names.bucket("backups"), "Key": key}

    tries: list[Callable[[], object]] = [
        lambda: writer("s3").delete_object(**where),
        lambda: writer("s3").put_object(**where, Body=b"", IfNoneMatch="*"),
        lambda: writer("s3").put_object(**where, Body=b""),
        lambda: writer("secretsmanager").get_secret_value(SecretId=names.backup_key),
    ]
    for call in tries:
        with pytest.raises(ClientError, match=r"AccessDenied|PreconditionFailed"):
            call()

    assert writer("s3").get_object(**where)["Body"].read(21) == b"age-encryption.org/v1"


def test_the_web_service_is_no_writer_and_no_reader_of_backups(scene: Scene, jobs: Jobs) -> None:
    """Whoever breaks into it takes neither role."""
    token = scene.render_token(scene.environment_ids["staging"], scene.service("staging", "media"), more=jobs.times())

    for who in ("backup", "restore"):
        with pytest.raises(ClientError, match="AccessDenied"):
            scene.session("staging", who, token)


def test_a_table_that_is_gone_comes_back(world: World, staging: Environment, backup: str) -> None:
    """Dropped by somebody: maintenance on, restored in place, maintenance off, and served as before."""
    with psycopg.connect(staging.database.url, autocommit=True) as connection:
        connection.execute("drop table exams_exam cascade")
        [[live]] = connection.execute("select current_database()")
    assert requests.post(f"{staging.url}/api/exams/", json={"title": "Lost"}, timeout=20).status_code == 500

    world.bare("./slipway maintenance on staging")
    assert requests.get(staging.url, timeout=20).status_code == 503
    world.bare(f"./slipway restore db staging {backup} --in-place --yes --database {live}")
    world.bare("./slipway maintenance off staging")

    assert staging.database.titles() == ["Anatomy"]
    assert staging.health()["status"] == "ok"
    staging.store("Botany")
    assert staging.database.titles() == ["Anatomy", "Botany"]


def test_a_drill_tells_how_long_and_how_much(jobs: Jobs, backup: str) -> None:
    """Its job opens the newest backup with the vault's key, starts the release on it, and keeps a report of it."""
    jobs.run("drill")
    [key] = jobs.wait_for(
        lambda: [key for key in jobs.stored("drills/") if key.endswith(".json")], "the drill's report is there"
    )

    report = jobs.read(key)

    told = report.get("report", report)
    assert told["backup"]["id"] == backup
    assert told["opened"]["by"] == "operational"
    assert [step["name"] for step in told["steps"] if step["outcome"] == "failed"] == []
    assert told["rto_seconds"] > 0
    assert told["rpo_seconds"] > 0


def test_a_night_without_a_backup_rings(world: World, jobs: Jobs, backup: str) -> None:
    """The job is stopped, the clock goes on: the alarm that was content tells that it hears nothing."""
    world.render.call("POST", f"/services/{jobs.service('backup')['id']}/suspend")

    world.local("clock", "+3d", check=True)

    assert jobs.wait_for(lambda: jobs.alarm("no-backup") == "INSUFFICIENT_DATA", "the alarm hears nothing")
    history = world.aws("cloudwatch").describe_alarm_history(
        AlarmName=jobs.stack.names.alarm("no-backup"), HistoryItemType="Action"
    )
    assert any("INSUFFICIENT_DATA" in one["HistoryData"] for one in history["AlarmHistoryItems"])
    assert len(jobs.manifests()) == 1
