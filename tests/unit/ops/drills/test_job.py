"""A drill in the environment's own job is started, followed, and its report gathered from the log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from console.errors import ExplainedError
from ops.drills import issue
from ops.drills.job import follow, gathered, lines
from ops.drills.signature import Signed, sign
from ops.environments.stacks import load
from tests.support.drill_fakes import IDENTITY, failed, report
from tests.support.github_fake import GitHubFake

STAGING = load("staging")


class RenderFake:
    """One cron job, whose runs end after a few looks; the log comes in pages of two lines."""

    def __init__(
        self, said: list[str], *, status: str = "succeeded", late: int = 0, names: tuple[str, ...] = ()
    ) -> None:
        self.said, self.status, self.late = said, status, late
        self.names = names or ("cams-staging-drill",)
        self.looks = 0
        self.started: list[Any] = []

    def pages(self, path: str, params: dict[str, str], *, envelope: str) -> Iterator[dict[str, Any]]:
        yield from ({"id": f"crn-{number}", "name": name} for number, name in enumerate(self.names))

    def post(self, path: str, body: Any) -> Any:
        self.started.append((path, body))
        return {"id": "job-1", "createdAt": "2026-11-27T06:00:00Z"}

    def get(self, path: str, params: Any = None) -> Any:
        if path.endswith("/jobs/job-1"):
            self.looks += 1
            return {"status": "running" if self.looks < 3 else self.status}
        assert params["resource"] == ["job-1"]  # what Render's own client asks for
        if self.late:
            self.late -= 1
            return {"logs": []}
        start = int(params["startTime"]) if params["startTime"].isdigit() else 0
        shown = [{"message": text} for text in self.said[start : start + 2]]
        return {"logs": shown, "hasMore": start + 2 < len(self.said), "nextStartTime": str(start + 2)}


def followed(render: RenderFake) -> Signed:
    """To its end, without waiting."""
    door: Any = render
    return follow(door, STAGING, "tea-1", say=lambda text: None, wait=lambda seconds: None, clock=lambda: 0.0)


def test_a_report_comes_through_the_log() -> None:
    """Among other lines, over several pages, some seconds late."""
    signed = sign(report(steps=failed(*(f"table {number} is gone" for number in range(90)))), IDENTITY)
    said = ["slipway: passed", *lines(signed), "the end"]
    render = RenderFake(said, late=2)

    assert len(said) == 4  # two lines of the report, on two pages
    assert max(map(len, said)) < 800
    assert followed(render) == signed
    assert render.started == [("/services/crn-0/jobs", {"startCommand": "python -m ops drill staging"})]


def test_a_job_without_a_report_is_told_with_its_last_lines() -> None:
    """It may have been out of memory."""
    with pytest.raises(ExplainedError, match=r"job-1 has failed, and said last: Killed"):
        followed(RenderFake(["Killed"], status="failed"))


def test_an_environment_without_the_job_is_told() -> None:
    """`up` makes it."""
    with pytest.raises(ExplainedError, match="there is no cron job cams-staging-drill"):
        followed(RenderFake([], names=("cams-staging-drill-2",)))


def test_a_report_that_was_changed_on_the_way_is_not_believed() -> None:
    """Its signature does not hold."""
    signed = sign(report(), IDENTITY)
    changed = signed.model_copy(update={"report": report(steps=failed("a"))})

    with pytest.raises(ExplainedError, match="its signature does not hold"):
        followed(RenderFake(list(lines(changed))))


@pytest.mark.parametrize("lose", [0, 1])
def test_a_report_with_a_line_missing_is_none(lose: int) -> None:
    """The log may not have it yet."""
    said = list(lines(sign(report(steps=failed("x" * 3000, "y" * 10, str(list(range(900))))), IDENTITY)))
    assert len(said) > 1

    assert gathered(said) is not None
    assert gathered(said[:lose] + said[lose + 1 :]) is None
    assert gathered([]) is None


def test_damaged_lines_are_told() -> None:
    """They cannot be read."""
    with pytest.raises(ExplainedError, match="its lines in the log are damaged"):
        gathered(["drill report 1/1 bm8="])


def test_the_issue_tells_what_failed_and_closes_itself() -> None:
    """One an environment."""
    github = GitHubFake()
    bad, good = sign(report(steps=failed("a row is gone")), IDENTITY), sign(report(), IDENTITY)

    assert issue.tell(github, "staging", bad, run="[the run](x)")
    assert issue.tell(github, "staging", good) == ""
    ((_, path, body),) = github.made
    assert path == "issues"
    assert body["title"] == "The restore drill of staging fails"
    assert "a row is gone" in body["body"]
    assert "[the run](x)" in body["body"]


def test_the_issue_tells_why_there_is_no_report() -> None:
    """A drill that did not run proves nothing."""
    github = GitHubFake()

    issue.tell(github, "staging", None, why="there is no cron job")

    assert "could not be run: there is no cron job" in github.made[0][2]["body"]
