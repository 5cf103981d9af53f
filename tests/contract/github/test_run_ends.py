"""In which order runs of a group go, and how they end: by a newer one, by somebody, by time, with the daemon."""

from __future__ import annotations

import re

from tests.support.github_runs import PUSH, GitHub
from tests.support.waiting import eventually


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
          if [ -t 0 ]; then echo "has a terminal"; fi
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
    assert "has a terminal" not in re.sub(r"(?s)##\[group\].*?##\[endgroup\]", "", told)
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
    meanwhile = github.commit({"README.md": "pushed while nothing listened"})
    github.push("main")
    github.start()
    ended, why = github.until(stopped), github.jobs(stopped)["long"]["_local"]["why"]
    (github.root / "third-gate").touch()
    github.ask("POST", f"actions/runs/{stopped['id']}/rerun")

    assert github.run_of(meanwhile)["event"] == "push"
    assert ended["conclusion"] == "cancelled"
    assert why == "interrupted: the local cloud was stopped while it ran"
    assert github.until(stopped)["conclusion"] == "success"
