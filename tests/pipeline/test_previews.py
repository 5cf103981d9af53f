"""A pull request, served by itself from its label to its end, by the workflow of the reviewed branch."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest
import requests

from tests.support.pipeline import Pipeline, until

BRANCH = "more-seats"


class Proposal:
    """A pull request of that branch, and the runs that look after its preview."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline, self.world = pipeline, pipeline.world
        self.world.slipway("bootstrap", check=True)  # the role that makes previews
        self._seen = {run["id"] for run in self._runs()}
        self.push("first")
        made = self.world.local("pr", "create", "--head", BRANCH, "--base", "develop", "--json", check=True)
        self.number = int(json.loads(made.stdout)["number"])

    def push(self, word: str) -> str:
        """Another commit; which."""
        commit = self.pipeline.edit(seats=word)
        host = self.world.local("git", check=True).stdout.strip()
        self.world.checkout.run("git", "push", "--quiet", host, f"HEAD:refs/heads/{BRANCH}", check=True)
        return commit

    def followed(self) -> None:
        """The next run on the reviewed branch, once it has succeeded."""
        [run, *_] = until(lambda: [one for one in self._runs() if one["id"] not in self._seen], "a run that follows")
        self._seen.add(run["id"])
        assert run["head_branch"] == "main"
        self.pipeline.succeeded(run["id"])

    def _runs(self) -> list[dict[str, Any]]:
        runs = self.pipeline.ask("GET", "actions/runs?per_page=100&event=workflow_dispatch")["workflow_runs"]
        return [run for run in runs if run["name"] == "previews"]

    def previews(self) -> list[dict[str, Any]]:
        """All there are."""
        return list(json.loads(self.world.slipway("previews", "list", "--json", check=True).stdout))

    def comment(self) -> str:
        """The one that tells of it."""
        bodies = [one["body"] for one in self.pipeline.ask("GET", f"issues/{self.number}/comments")]
        [body] = [one for one in bodies if one.startswith("<!-- slipway: preview environment -->")]
        return str(body)

    def deployments(self) -> list[str]:
        """How each is now, the newest first."""
        found = self.pipeline.ask("GET", f"deployments?environment=preview&task=pr-{self.number}")
        return [self.pipeline.ask("GET", f"deployments/{one['id']}/statuses")[0]["state"] for one in found]

    def at_render(self) -> set[str]:
        """All services, databases, caches, env groups and environments, by their ids."""
        owner = f"ownerId={self.world.variables['RENDER_OWNER_ID']}&limit=100"
        kinds = {"services": "service", "postgres": "postgres", "key-value": "keyValue"}
        listed = {kind: self.world.render.call("GET", f"/{kind}?{owner}") for kind in kinds}
        found = {one[kinds[kind]]["id"] for kind, page in listed.items() for one in page}
        for page in self.world.render.call("GET", f"/projects?{owner}"):
            found |= set(page["project"]["environmentIds"])
        groups = self.world.render.call("GET", f"/env-groups?{owner}")
        return found | {one.get("envGroup", one)["id"] for one in groups}

    def database(self) -> dict[str, Any]:
        """How its services reach its database."""
        state = json.loads(
            self.world.pulumi("stack", "export", "--stack", f"pr-{self.number}", "--show-secrets").stdout
        )
        [server] = [one for one in state["deployment"]["resources"] if one["type"] == "render:index:Postgres"]
        url = json.loads(server["outputs"]["internalConnectionString"]["plaintext"])
        return dict(psycopg.conninfo.conninfo_to_dict(url))


def test_a_pull_request_is_served_by_itself_until_it_is_closed(pipeline: Pipeline) -> None:
    """With made-up data that stays from push to push, without a way into staging's; then nothing of it is left."""
    world, staging = pipeline.world, pipeline.environments["staging"]
    proposal = Proposal(pipeline)
    before = proposal.at_render()

    world.local("pr", "label", str(proposal.number), "preview", check=True)
    proposal.followed()

    [one] = proposal.previews()
    url = one["url"]
    assert proposal.comment().splitlines()[1] == f"**Preview**: {url}"
    assert requests.get(f"{url}/api/exams/", timeout=30).json()["count"] == 4
    assert requests.get(f"{url}/api/health/", timeout=30).json()["seats"] == "first"
    assert proposal.deployments() == ["success"]
    user = proposal.database()
    other = psycopg.conninfo.conninfo_to_dict(staging.outputs["database_url"])
    there = {name: other[name] for name in ("host", "port", "dbname")}
    with pytest.raises(psycopg.OperationalError, match=r"permission denied for database|no pg_hba.conf entry"):
        psycopg.connect(**user | there)

    requests.post(f"{url}/api/exams/", json={"title": "Mine"}, timeout=30).raise_for_status()
    commit = proposal.push("second")
    proposal.followed()

    assert requests.get(f"{url}/api/health/", timeout=30).json() | {"seats": "second", "version": commit} == (
        requests.get(f"{url}/api/health/", timeout=30).json()
    )
    assert requests.get(f"{url}/api/exams/", timeout=30).json()["count"] == 5
    assert proposal.deployments() == ["success", "inactive"]

    world.local("pr", "close", str(proposal.number), check=True)
    proposal.followed()

    assert proposal.previews() == []
    assert proposal.at_render() == before
    assert proposal.deployments() == ["inactive", "inactive"]
    assert proposal.comment().splitlines()[1] == "**Preview**: removed with its database: it is closed."
