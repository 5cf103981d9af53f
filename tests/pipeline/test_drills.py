"""The workflow that drills: the environment's own job restores its newest backup, and GitHub is told."""

from __future__ import annotations

import json
from typing import Any

from tests.support.jobs import Jobs
from tests.support.pipeline import Pipeline

TITLE = "The restore drill of staging fails"


def test_a_drill_that_fails_opens_one_issue_and_a_good_one_closes_it(pipeline: Pipeline) -> None:
    """Before there is a backup, and after; each report is in its run's summary and in the bucket."""
    jobs = Jobs(pipeline.environments["staging"])

    def drill() -> tuple[dict[str, str], str]:
        begun = pipeline.world.local("runs", "--start", "restore-drill.yml", "--branch", "staging", "--json")
        number = json.loads(begun.stdout)["id"]
        ended = pipeline.ended(number)
        return ended, str(pipeline.jobs(number)["drill"]["_local"]["summary"])

    def issues() -> list[dict[str, Any]]:
        return [one for one in pipeline.ask("GET", "issues?state=all&per_page=100") if one["title"] == TITLE]

    failed, told_of_none = drill()
    [opened] = issues()
    jobs.run("backup")
    [key] = jobs.wait_for(jobs.manifests, "the backup of its job has landed")
    passed, told = drill()
    [closed] = issues()

    backup = key.split("/")[2]
    at_render = pipeline.world.render.all(f"/services/{jobs.service('drill')['id']}/jobs", "job")
    reports = sorted(one for one in jobs.stored("drills/") if one.endswith(".json"))
    assert failed == {"everywhere": "skipped", "plan": "success", "drill": "failure"}
    assert passed == {**failed, "drill": "success"}
    assert "## Restore drill of staging: FAILED" in told_of_none
    assert "1. backup: staging has no backup" in opened["body"]
    assert "## Restore drill of staging: passed" in told
    assert f"- **Backup**: {backup}: " in told
    assert (opened["state"], closed["state"], opened["number"]) == ("open", "closed", closed["number"])
    assert [one["status"] for one in at_render] == ["succeeded", "failed"]
    assert [jobs.read(one)["report"]["id"] in told for one in reports] == [False, True]
