"""Workflows as they are run here: what starts them, in which order, with which rights, and how they end."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.support.github_runs import GitHub
from tests.support.waiting import eventually

PUSH = "on:\n  push: {branches: [main]}\npermissions: {}\n"


@pytest.fixture(scope="module")
def github(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHub]:
    """One for all tests here; each pushes a workflow of its own."""
    one = GitHub(tmp_path_factory.mktemp("github"))
    yield one
    one.stop()


def test_jobs_wait_for_those_that_they_need_and_see_what_they_put_out(github: GitHub) -> None:
    """Outputs are handed on as text; a job whose need failed is left out, one that runs always is not."""
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
      - run: echo "heard $WORD at $GITHUB_REF_NAME"; exit 3
        env: {WORD: "${{ needs.first.outputs.word }}"}
  third:
    needs: second
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

    conclusions = {name: job["conclusion"] for name, job in github.jobs(run).items()}
    assert conclusions == {"first": "success", "second": "failure", "third": "skipped", "last": "success"}
    assert ended["conclusion"] == "failure"
    assert "heard {{ github.ref }} at main" in github.log(run, "second")
    assert "failure skipped" in github.log(run, "last")


def test_a_called_workflow_is_given_inputs_and_puts_out(github: GitHub) -> None:
    """Its jobs are jobs of the run under their caller's name, with no more rights than the caller has."""
    called = """
name: build
on:
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


def test_a_newer_run_waits_and_the_one_that_waited_is_cancelled(github: GitHub) -> None:
    """One of a group runs, one waits: two pushes at once never deploy at once, and the last one is deployed."""
    body = (
        PUSH
        + """
concurrency: {group: "deploy-${{ github.ref_name }}", cancel-in-progress: false}
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps: [{run: 'until [ -e "$HOME/GATE" ]; do sleep 0.05; done; echo "deployed $GITHUB_SHA"'}]
""".replace("GATE", "first-gate")
    )
    first = github.workflow(body)
    github.until_job(first, "deploy", "in_progress")
    second = github.workflow(body)
    github.until(second, "pending")
    third = github.workflow(body)

    displaced = github.until(second)
    assert github.ask("GET", f"actions/runs/{first['id']}")["status"] == "in_progress"
    (github.root / "first-gate").touch()
    ended = [github.until(one)["conclusion"] for one in (first, third)]

    assert displaced["conclusion"] == "cancelled"
    assert ended == ["success", "success"]
    assert github.jobs(first)["deploy"]["completed_at"] <= github.jobs(third)["deploy"]["started_at"]


def test_a_newer_run_cancels_where_the_file_says_so(github: GitHub) -> None:
    """`cancel-in-progress: true` ends the one that runs."""
    body = (
        PUSH
        + """
concurrency: {group: ci, cancel-in-progress: true}
jobs:
  test:
    runs-on: ubuntu-24.04
    steps: [{run: 'if [ ! -e "$HOME/was-there" ]; then touch "$HOME/was-there"; exec sleep 60; fi'}]
"""
    )
    first = github.workflow(body)
    eventually((github.root / "was-there").exists)

    second = github.workflow(body)

    assert github.until(second)["conclusion"] == "success"
    assert github.until(first)["conclusion"] == "cancelled"


def test_a_cancelled_step_hears_it_and_can_end_well(github: GitHub) -> None:
    """It is interrupted first; what always runs still does; a second attempt of what failed goes on from there."""
    run = github.workflow(
        PUSH
        + """
jobs:
  before:
    runs-on: ubuntu-24.04
    steps: [{run: 'echo once >>"$HOME/before"'}]
  up:
    needs: before
    runs-on: ubuntu-24.04
    steps:
      - run: |
          trap 'echo "wrote down what is done"; exit 130' INT
          if [ -e "$HOME/again" ]; then echo resumed; exit 0; fi
          touch "$HOME/begun"
          while :; do sleep 0.05; done
      - if: ${{ always() }}
        run: echo "always said"
"""
    )
    eventually((github.root / "begun").exists)

    github.ask("POST", f"actions/runs/{run['id']}/cancel")
    ended = github.until(run)
    told = github.log(run, "up")
    (github.root / "again").touch()
    github.ask("POST", f"actions/runs/{run['id']}/rerun-failed-jobs")
    again = github.until(run)

    assert (ended["conclusion"], again["conclusion"], again["run_attempt"]) == ("cancelled", "success", 2)
    assert "wrote down what is done" in told
    assert "always said" in told
    assert "resumed" in github.log(run, "up")
    assert (github.root / "before").read_text() == "once\n"
    assert github.asked("POST", f"actions/runs/{run['id']}/cancel").status_code == 409


def test_a_job_that_takes_too_long_is_ended(github: GitHub) -> None:
    """After the minutes that its file gives it."""
    run = github.workflow(
        PUSH
        + """
jobs:
  slow:
    runs-on: ubuntu-24.04
    timeout-minutes: 0.01
    steps: [{run: exec sleep 60}]
"""
    )

    ended = github.until(run)

    assert (ended["conclusion"], github.jobs(run)["slow"]["conclusion"]) == ("failure", "timed_out")


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


def test_a_crash_of_the_daemon_ends_no_job_and_its_stop_ends_all(github: GitHub) -> None:
    """One that was killed takes up what goes on; what `local stop` has ended is marked so and can be run again."""
    body = (
        PUSH
        + """
jobs:
  long:
    runs-on: ubuntu-24.04
    outputs: {word: "${{ steps.wait.outputs.word }}"}
    steps:
      - id: wait
        run: |
          until [ -e "$HOME/GATE" ]; do sleep 0.05; done
          echo "word=survived" >>"$GITHUB_OUTPUT"
  next:
    needs: long
    runs-on: ubuntu-24.04
    steps: [{run: 'echo "it $WORD"', env: {WORD: "${{ needs.long.outputs.word }}"}}]
"""
    )
    crashed = github.workflow(body.replace("GATE", "second-gate"))
    github.until_job(crashed, "long", "in_progress")
    github.kill()
    (github.root / "second-gate").touch()
    github.start()
    assert github.until(crashed)["conclusion"] == "success"
    assert "it survived" in github.log(crashed, "next")

    stopped = github.workflow(body.replace("GATE", "third-gate"))
    github.until_job(stopped, "long", "in_progress")
    github.stop()
    github.start()
    ended, why = github.until(stopped), github.jobs(stopped)["long"]["_local"]["why"]
    (github.root / "third-gate").touch()
    github.ask("POST", f"actions/runs/{stopped['id']}/rerun")

    assert ended["conclusion"] == "cancelled"
    assert why == "interrupted: the local cloud was stopped while it ran"
    assert github.until(stopped)["conclusion"] == "success"


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
