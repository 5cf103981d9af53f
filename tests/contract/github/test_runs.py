"""Workflows as they are run here: what starts them, what they are given, and with which rights."""

from __future__ import annotations

import re

from tests.support.github_runs import PUSH, GitHub


def test_jobs_wait_for_those_that_they_need_and_see_what_they_put_out(github: GitHub) -> None:
    """Outputs are text; without its need a job is left out, unless it runs always; a failed one's summary stays."""
    run = github.workflow(
        PUSH
        + """
jobs:
  first:
    runs-on: ubuntu-24.04
    outputs: {word: "${{ steps.say.outputs.word }}"}
    steps:
      - id: say
        run: printf 'word=%s\\n' '${{ '{{' }} github.ref }}' >>"$GITHUB_OUTPUT"
  second:
    needs: first
    runs-on: ubuntu-24.04
    steps:
      - run: echo "heard $WORD at $GITHUB_REF_NAME" | tee "$GITHUB_STEP_SUMMARY"; exit 3
        env: {WORD: "${{ needs.first.outputs.word }}"}
  third:
    needs: second
    runs-on: ubuntu-24.04
    steps: [{run: echo never}]
  unless:
    needs: third
    if: ${{ !failure() }}
    runs-on: ubuntu-24.04
    steps: [{run: echo never}]
  last:
    needs: [second, third]
    if: ${{ always() }}
    runs-on: ubuntu-24.04
    steps:
      - run: echo "$NEEDS"
        env: {NEEDS: "${{ needs.second.result }} ${{ needs.third.result }}"}
"""
    )

    ended = github.until(run)

    jobs = github.jobs(run)
    assert {name: job["conclusion"] for name, job in jobs.items()} == {
        "first": "success",
        "second": "failure",
        "third": "skipped",
        "unless": "skipped",
        "last": "success",
    }
    assert ended["conclusion"] == "failure"
    assert "heard {{ github.ref }} at main" in github.log(run, "second")
    assert jobs["second"]["_local"]["summary"].rstrip() == "heard {{ github.ref }} at main"
    assert "failure skipped" in github.log(run, "last")


def test_a_called_workflow_is_given_inputs_and_puts_out(github: GitHub) -> None:
    """Its jobs are jobs of the run under their caller's name, with no more rights than the caller has."""
    called = """
name: build
on:
  pull_request:
  workflow_call:
    inputs: {environment: {type: string, required: true}}
    outputs: {digest: {value: "${{ jobs.image.outputs.digest }}"}}
permissions: {}
jobs:
  look:
    runs-on: ubuntu-24.04
    outputs: {tree: "${{ steps.tree.outputs.tree }}"}
    steps: [{id: tree, run: 'echo "tree=${GITHUB_SHA:0:7}" >>"$GITHUB_OUTPUT"'}]
  image:
    needs: look
    permissions: {id-token: write, contents: write}
    environment: ${{ inputs.environment }}
    runs-on: ubuntu-24.04
    outputs: {digest: "${{ steps.build.outputs.digest }}"}
    steps:
      - id: build
        env: {FOR: "${{ inputs.environment }}", TREE: "${{ needs.look.outputs.tree }}"}
        run: |
          echo "digest=$TREE-for-$FOR" >>"$GITHUB_OUTPUT"
          curl -sS -H "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" "$ACTIONS_ID_TOKEN_REQUEST_URL" \\
            | cut -d. -f2 | tr '_-' '/+' | base64 -d 2>/dev/null | tr ',' '\\n' || true
"""
    run = github.workflow(
        PUSH
        + """
jobs:
  build:
    permissions: {id-token: write}
    uses: ./.github/workflows/called.yml
    with: {environment: "${{ github.ref_name == 'main' && 'prod' || 'dev' }}"}
  after:
    needs: build
    runs-on: ubuntu-24.04
    steps:
      - run: echo "got $DIGEST"
        env: {DIGEST: "${{ needs.build.outputs.digest }}"}
""",
        called=called,
    )

    assert github.until(run)["conclusion"] == "success"
    jobs = github.jobs(run)
    assert set(jobs) == {"build / look", "build / image", "after"}
    assert f"got {run['head_sha'][:7]}-for-prod" in github.log(run, "after")
    claims = github.log(run, "build / image")
    assert '"sub":"repo:example/cams:environment:prod"' in claims.replace(" ", "")
    assert ".github/workflows/called.yml@refs/heads/main" in claims


def test_a_job_has_the_rights_that_its_file_says(github: GitHub) -> None:
    """No token of the issuer without `id-token: write`, no place of a cloud either; GITHUB_TOKEN as said."""
    run = github.workflow(
        PUSH
        + """
jobs:
  plain:
    runs-on: ubuntu-24.04
    permissions: {contents: read}
    steps:
      - run: |
          env | cut -d= -f1 | sort
          curl -s -o /dev/null -w 'opened: %{http_code}\\n' -X POST -H "Authorization: Bearer $TOKEN" -d '{}' \\
            "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/pulls"
        env: {TOKEN: "${{ github.token }}"}
  speaks:
    runs-on: ubuntu-24.04
    permissions: {id-token: write}
    steps: [{run: env | cut -d= -f1 | sort}]
"""
    )

    assert github.until(run)["conclusion"] == "success"
    plain, speaks = (
        re.findall(r"^\S+ ([A-Z_]+)$", github.log(run, job), re.MULTILINE) for job in ("plain", "speaks")
    )
    given = {"ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL", "AWS_ENDPOINT_URL", "RENDER_HOST"}
    assert given & set(plain) == set()
    assert given <= set(speaks)
    assert not {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "RENDER_API_KEY"} & set(speaks)
    assert "opened: 403" in github.log(run, "plain")


def test_a_file_that_cannot_be_read_is_a_failed_run(github: GitHub) -> None:
    """With the reason; and where runs are off, a push starts none."""
    run = github.workflow(PUSH + "jobs:\n  one: {needs: [two], runs-on: ubuntu-24.04, steps: [{run: 'true'}]}\n")
    assert run["conclusion"] == "startup_failure"
    assert "a job needs two, which is no job of it" in run["_local"]["why"]

    github.switch(on=False)
    commit = github.commit({".github/workflows/one.yml": PUSH + "jobs: {one: {runs-on: ubuntu-24.04, steps: []}}"})
    github.push("main", tell=True)
    github.switch(on=True)
    later = github.workflow(PUSH + "jobs: {one: {runs-on: ubuntu-24.04, steps: [{run: 'true'}]}}\n")

    assert github.until(later)["conclusion"] == "success"
    assert github.runs(head_sha=commit) == []


def test_somebody_can_start_a_run(github: GitHub) -> None:
    """With inputs, and the defaults of those that are not given."""
    github.workflow(
        """
on:
  push: {branches: [main]}
  workflow_dispatch:
    inputs:
      environment: {type: choice, options: [staging, prod], required: true}
      to: {type: string, default: before}
jobs:
  back:
    if: ${{ github.event_name == 'workflow_dispatch' }}
    runs-on: ubuntu-24.04
    steps: [{run: 'echo "$WHERE to $TO"', env: {WHERE: "${{ inputs.environment }}", TO: "${{ inputs.to }}"}}]
""",
        name="rollback",
    )

    made = github.ask(
        "POST", "actions/workflows/rollback.yml/dispatches", {"ref": "main", "inputs": {"environment": "staging"}}
    )

    run = github.until({"id": made["workflow_run_id"]})
    assert run["event"] == "workflow_dispatch"
    assert "staging to before" in github.log(run, "back")


def test_an_environment_waits_for_its_reviewer_and_for_its_branch(github: GitHub) -> None:
    """Nothing of the job runs before; then a deployment tells where it went. Another branch never gets in."""
    grace = github.person("grace")
    rules = {
        "reviewers": [{"type": "User", "id": grace["id"]}],
        "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True},
    }
    github.ask("PUT", "environments/live", rules)
    github.ask("POST", "environments/live/deployment-branch-policies", {"name": "main"})
    body = """
on: {push: {branches: [main, other]}}
permissions: {}
jobs:
  deploy:
    runs-on: ubuntu-24.04
    environment: {name: live, url: "${{ steps.up.outputs.url }}"}
    steps:
      - id: up
        run: |
          touch "$HOME/deployed-$GITHUB_REF_NAME"
          echo "url=https://cams.example.org" >>"$GITHUB_OUTPUT"
"""
    run = github.workflow(body)
    waiting = github.until(run, "waiting")
    [pending] = github.ask("GET", f"actions/runs/{run['id']}/pending_deployments")
    before = (github.root / "deployed-main").exists()
    review = {"environment_ids": [pending["environment"]["id"]], "state": "approved", "comment": "looks well"}
    refused = github.asked("POST", f"actions/runs/{run['id']}/pending_deployments", review)
    github.ask("POST", f"actions/runs/{run['id']}/pending_deployments", review, login="grace")
    ended = github.until(run)
    other = github.workflow(body, branch="other")

    assert (waiting["conclusion"], before, refused.status_code) == (None, False, 403)
    assert ended["conclusion"] == "success"
    [deployment] = github.ask("GET", "deployments?environment=live")
    [status, _] = github.ask("GET", f"deployments/{deployment['id']}/statuses")
    assert (deployment["sha"], status["state"], status["environment_url"]) == (
        run["head_sha"],
        "success",
        "https://cams.example.org",
    )
    [check] = github.ask("GET", f"commits/{run['head_sha']}/check-runs")["check_runs"]
    assert (check["name"], check["conclusion"]) == ("deploy", "success")
    assert github.until(other)["conclusion"] == "failure"
    assert github.jobs(other)["deploy"]["_local"]["why"] == (
        'Branch "other" is not allowed to deploy to live due to environment protection rules.'
    )
    assert not (github.root / "deployed-other").exists()
