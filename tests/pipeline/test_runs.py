"""Runs of the pipeline's own workflows: in turn, cancelled, approved or not, and started by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.holdings import holdings
from tests.support.pipeline import Pipeline, digest, until
from tests.support.world import assert_nothing_to_do

BUSY = ("created", "pre_deploy_in_progress", "update_in_progress")
REVIEWER = "grace"


def locks(pipeline: Pipeline) -> list[str]:
    """Of Pulumi's state: what an `up` that was killed would leave."""
    folder = pipeline.world.root / ".local/state/.pulumi/locks"
    return [path.name for path in folder.rglob("*") if path.is_file()]


def cancel(pipeline: Pipeline, number: int) -> None:
    """As a person does; once it is over."""
    pipeline.world.local("runs", str(number), "--cancel", check=True)
    pipeline.ended(number)


def began(pipeline: Pipeline, number: int, job: str) -> bool:
    """Whether a job of it is at work whose name begins so."""
    jobs = pipeline.jobs(number).items()
    return any(name.startswith(job) and one["status"] == "in_progress" for name, one in jobs)


def reads(pipeline: Pipeline, name: str) -> str:
    """The word of these tests that an environment serves."""
    return str(pipeline.environments[name].health().get("runs", ""))


@dataclass
class Turns:
    """Three pushes to staging, the last two while the first one's `up` was at work."""

    first: dict[str, dict[str, Any]]
    second: dict[str, Any]
    third: dict[str, dict[str, Any]]
    """Jobs of the first and third run at their first attempt, and the second run."""
    served: list[str]
    """By staging after the first run, and after the third."""


@dataclass
class Ends:
    """How the third run was cancelled before and during its `up`, and taken up again."""

    before: tuple[dict[str, Any], dict[str, Any]]
    """All of staging before the run and after it was cancelled the first time."""
    conclusions: list[str]
    told: str
    """What the `up` has written that was interrupted."""
    locks: list[str]
    """Of Pulumi's state, after each."""
    jobs: dict[str, str]
    """How they ended at last."""


@pytest.fixture(scope="module")
def staging(pipeline: Pipeline) -> tuple[Turns, Ends]:
    """The whole story."""
    there = pipeline.environments["staging"]
    pipeline.at("staging")
    pipeline.edit(runs="first")
    one = pipeline.push("staging")
    until(lambda: began(pipeline, one, "up"), "the first deploy is at its `up`")
    pipeline.edit(runs="second")
    two = pipeline.push("staging")
    pipeline.edit(runs="third")
    three = pipeline.push("staging")
    pipeline.succeeded(one)
    served = [reads(pipeline, "staging")]

    before = holdings(there)
    until(lambda: began(pipeline, three, "test / "), "the third deploy is at work")
    attempt = pipeline.jobs(three)
    cancel(pipeline, three)
    stopped, conclusions, left = holdings(there), [pipeline.run(three)["conclusion"]], locks(pipeline)
    pipeline.rerun(three)

    web = pipeline.world.render.service("cams-staging")
    deploys = f"/services/{web['id']}/deploys"
    known = len(pipeline.world.render.all(deploys, "deploy"))

    def half_way() -> bool:
        found = pipeline.world.render.all(deploys, "deploy")
        return len(found) > known and found[0]["status"] in BUSY

    until(half_way, "Render is at the new release")
    cancel(pipeline, three)
    conclusions.append(pipeline.run(three)["conclusion"])
    told, left = pipeline.log(three, "up"), left + locks(pipeline)
    pipeline.rerun(three)
    jobs = pipeline.succeeded(three)

    served.append(reads(pipeline, "staging"))
    turns = Turns(pipeline.jobs(one), pipeline.run(two), attempt, served)
    return turns, Ends((before, stopped), conclusions, told, left, jobs)


def test_two_pushes_at_once_are_deployed_one_after_the_other(staging: tuple[Turns, Ends]) -> None:
    """A deploy that is at work ends; of those that wait the last one goes, and the other is never begun."""
    turns, _ = staging
    begun = [job["started_at"] for job in turns.third.values() if job["status"] == "in_progress"]

    assert turns.first["up"]["conclusion"] == "success"
    assert (turns.second["conclusion"], turns.second["_local"]["cancelled_by"]) == (
        "cancelled",
        "a newer run that waits",
    )
    assert begun
    assert min(begun) >= turns.first["up"]["completed_at"]
    assert turns.served == ["first", "third"]


def test_a_run_that_was_cancelled_is_taken_up_and_ends_right(pipeline: Pipeline, staging: tuple[Turns, Ends]) -> None:
    """Before its `up` nothing was changed; during it the step hears it, and the next attempt does the rest."""
    _, ends = staging
    there = pipeline.environments["staging"]

    assert [name for name in ends.before[0] if ends.before[0][name] != ends.before[1][name]] == []
    assert ends.conclusions == ["cancelled", "cancelled"]
    assert "staging is not up: interrupted" in ends.told
    assert ends.locks == []
    assert (ends.jobs["build / image"], ends.jobs["up"]) == ("success", "success")
    assert "/cams/staging/gate" not in holdings(there)["parameters"]
    assert there.health()["version"] == digest(there)
    assert_nothing_to_do(there)


@pytest.fixture
def reviewed(pipeline: Pipeline) -> Iterator[None]:
    """Prod wants somebody's approval who is not the one who has pushed."""
    pipeline.ask("POST", "/_local/tokens", {"login": REVIEWER})
    people = [pipeline.ask("GET", path)["id"] for path in ("/user", f"/users/{REVIEWER}")]
    reviewers = [{"type": "User", "id": number} for number in people]
    pipeline.ask("PUT", "environments/prod", {"reviewers": reviewers, "prevent_self_review": True})
    yield
    pipeline.ask("DELETE", "environments/prod")


@pytest.mark.usefixtures("reviewed", "staging")
def test_prod_waits_for_its_reviewer(pipeline: Pipeline) -> None:
    """Nothing changes before the approval, nor after a refusal; who has pushed is not asked."""
    prod = pipeline.environments["prod"]

    def review(*words: str) -> int:
        until(lambda: pipeline.jobs(number)["promote"]["status"] == "waiting", "prod waits")
        return pipeline.world.local("runs", str(number), *words).returncode

    before = holdings(prod)
    pull = pipeline.promotion("prod")
    text = pipeline.ask("GET", f"pulls/{pull}")["body"]
    number = pipeline.merge(pull)
    own = review("--approve")
    refused = review("--reject", "--as", REVIEWER, "-m", "not on a Friday")
    ended = pipeline.ended(number)
    between = holdings(prod)
    pipeline.rerun(number)
    approved = review("--approve", "--as", REVIEWER)
    pipeline.succeeded(number)

    assert (own, refused, approved) == (1, 0, 0)
    assert ended["promote"] == "failure"
    assert [name for name in before if before[name] != between[name]] == []
    assert "Say third" in text
    assert reads(pipeline, "prod") == "third"
    assert digest(prod) == digest(pipeline.environments["staging"])


@pytest.mark.usefixtures("staging")
def test_a_rollback_that_is_started_by_hand_brings_the_release_before(pipeline: Pipeline) -> None:
    """Through the gate, recorded with who did it, and a line in the audit."""
    there = pipeline.environments["staging"]
    begun = pipeline.world.local(
        "runs", "--start", "rollback.yml", "--branch", "staging", "--input", "environment=staging", "--json"
    )
    number = json.loads(begun.stdout)["id"]

    ended = pipeline.succeeded(number)

    said = (pipeline.world.slipway("release", "list", "staging", *more, "--json") for more in ([], ["--events"]))
    [record, *_], [event, *_] = (json.loads(done.stdout) for done in said)
    assert ended == {"rollback": "success"}
    assert reads(pipeline, "staging") == "first"
    assert there.health()["version"] == digest(there) == record["digest"] == event["to"]
    assert (record["event"], event["what"], event["outcome"]) == ("rolled back", "release rollback", "done")
    assert "cams-staging-deploy" in record["by"]


def test_drift_is_told_in_one_issue_that_closes_itself(pipeline: Pipeline) -> None:
    """Opened with what differs, and closed by the first look that finds nothing."""
    web = pipeline.world.render.service("cams-staging")

    def look(plan: str) -> list[dict[str, Any]]:
        pipeline.world.render.call("PATCH", f"/services/{web['id']}", {"serviceDetails": {"plan": plan}})
        begun = pipeline.world.local("runs", "--start", "drift.yml", "--branch", "staging", "--json")
        pipeline.succeeded(json.loads(begun.stdout)["id"])
        issues = pipeline.ask("GET", "issues?state=all&per_page=100")
        return [one for one in issues if one["title"].startswith("staging is not")]

    [opened], [closed] = look("standard"), look(web["serviceDetails"]["plan"])

    assert (opened["state"], closed["state"], opened["number"]) == ("open", "closed", closed["number"])
    assert "| update | render:index:WebService | web | plan |" in opened["body"]
