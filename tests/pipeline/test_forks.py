"""A stranger's pull request: its workflows run, and are given nothing."""

from __future__ import annotations

import re
from typing import Any

from tests.support.holdings import holdings
from tests.support.pipeline import Pipeline, until

STEALS = """
name: steal
on: pull_request
permissions: write-all
jobs:
  all:
    runs-on: ubuntu-24.04
    environment: prod
    steps:
      - uses: CHECKOUT
      - env: {TOKEN: "${{ secrets.GITHUB_TOKEN }}", KEY: "${{ secrets.RENDER_API_KEY }}"}
        run: |
          echo "names: $(env | cut -d= -f1 | sort | paste -sd ' ')"
          echo "key: [$KEY]"
          for path in issues statuses/$GITHUB_SHA actions/workflows/rollback.yml/dispatches; do
            curl -s -o /dev/null -w "$path: %{http_code}\\n" -X POST -H "Authorization: Bearer $TOKEN" \\
              -d '{"title": "t", "state": "success", "ref": "main", "inputs": {"environment": "prod"}}' \\
              "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/$path"
          done
      - uses: ./.github/actions/slipway
      - uses: ./.github/actions/environment
        with: {environment: prod}
"""


def test_a_pull_request_from_a_fork_is_checked_and_given_nothing(pipeline: Pipeline) -> None:
    """No token of the issuer, no secret, no role, and a GITHUB_TOKEN that reads; what it may see is its checks."""
    others = [pipeline.environments[name] for name in ("staging", "prod")]
    before, branches = [holdings(environment) for environment in others], pipeline.ask("GET", "branches")
    pipeline.at("staging")
    ci = (pipeline.checkout.folder / ".github/workflows/ci.yml").read_text()
    steals = pipeline.checkout.folder / ".github/workflows/steals.yml"
    steals.write_text(STEALS.replace("CHECKOUT", re.findall(r"actions/checkout@\w+", ci)[0]))
    commit = pipeline.commit("Mend a typing error")
    pipeline.world.local("push", "typing", "--fork", "mallory", check=True)
    pipeline.world.local(
        "pr", "create", "--head", "mallory:typing", "--base", "staging", "--as", "mallory", check=True
    )

    def over() -> list[dict[str, Any]]:
        runs = pipeline.ask("GET", f"actions/runs?per_page=100&head_sha={commit}")["workflow_runs"]
        over = all(run["status"] == "completed" for run in runs)
        return list(runs) if over and {"ci", "preview", "steal"} <= {run["name"] for run in runs} else []

    runs = {run["name"]: run["id"] for run in until(over, "all that a pull request starts")}
    [pull] = [one for one in pipeline.ask("GET", "pulls?state=open") if one["head"]["sha"] == commit]
    shown = pipeline.world.local("pr", "view", str(pull["number"]), check=True).stdout
    comments = pipeline.ask("GET", f"issues/{pull['number']}/comments")
    pipeline.world.local("pr", "close", str(pull["number"]), check=True)
    stolen = pipeline.log(runs["steal"], "all")

    assert {name: pipeline.run(number)["conclusion"] for name, number in runs.items()} == {
        **dict.fromkeys(runs, "success"),
        "steal": "failure",
    }
    assert "lint and types" in shown
    assert comments == []
    names = re.findall(r"names: (.*)", stolen)[-1].split()
    assert [name for name in names if re.match(r"AWS_(?!\w+_FILE$)|RENDER_|PULUMI_|ACTIONS_ID", name)] == []
    assert "key: []" in stolen
    assert re.findall(r": (\d{3})$", stolen, re.MULTILINE) == ["403"] * 3
    assert "Authenticated as" not in stolen
    for was, now in zip(before, map(holdings, others), strict=True):
        assert [name for name in was if was[name] != now[name]] == []
    assert pipeline.ask("GET", "branches") == branches
