"""Who lets a job into its environment, and who may not: by the commands, as people do."""

from __future__ import annotations

import pytest

from localcloud.__main__ import main
from localcloud.control import daemons
from tests.support.github_runs import PUSH, GitHub


def test_each_job_asks_for_itself_and_never_who_has_pushed(
    github: GitHub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An approval is for those that wait by then, not for the run; a refusal ends it, and is told by the commands."""
    monkeypatch.setenv("SLIPWAY_ROOT", str(github.root))
    monkeypatch.setattr(daemons, "start", lambda *_: None)  # it runs, as the test's own

    def runs(*words: object) -> tuple[int, str]:
        code = main(["runs", *map(str, words)])
        said = capsys.readouterr()
        return code, said.out + said.err

    ours, reviewer = github.ask("GET", "/user"), github.person("judith")
    reviewers = [{"type": "User", "id": one["id"]} for one in (ours, reviewer)]
    github.ask("PUT", "environments/vault", {"reviewers": reviewers, "prevent_self_review": True})
    run = github.workflow(
        PUSH
        + """
jobs:
  build: {runs-on: ubuntu-24.04, environment: vault, steps: [{run: touch "$HOME/built"}]}
  up: {needs: build, runs-on: ubuntu-24.04, environment: vault, steps: [{run: touch "$HOME/upped"}]}
"""
    )
    number = run["id"]
    github.until_job(run, "build", "waiting")

    own, _ = runs(number, "--approve"), github.until_job(run, "build", "waiting")
    first, _ = runs(number, "--approve", "--as", "judith"), github.until_job(run, "up", "waiting")
    shown, second = runs(number), runs(number, "--reject", "--as", "judith", "-m", "not on a Friday")
    followed, late = runs(number, "--follow"), runs(number, "--approve", "--as", "judith")

    assert own == (1, "error: the local GitHub refuses: You are not allowed to approve or reject this deployment.\n")
    assert first[0] == second[0] == 0
    assert f"./slipway local runs {number} --approve --as NAME" in shown[1]
    assert "judith has rejected the deployment: not on a Friday" in followed[1]
    assert (followed[0], github.until(run)["conclusion"]) == (1, "failure")
    assert (late[0], f"run {number} waits for nobody" in late[1]) == (1, True)
    assert ((github.root / "built").exists(), (github.root / "upped").exists()) == (True, False)
    said = github.ask("GET", f"actions/runs/{number}/approvals")
    assert [(one["state"], one["user"]["login"]) for one in said] == [("approved", "judith"), ("rejected", "judith")]
