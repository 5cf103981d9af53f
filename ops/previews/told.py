"""What a pull request says of its preview: one comment, and a deployment that GitHub shows beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from console.errors import ExplainedError
from infra.names import PREVIEW, preview
from ops.cost.bills import dollars
from ops.pipeline import comments
from ops.previews.pulls import Pull
from ops.previews.up import Report

KIND = "preview environment"


class GitHub(comments.GitHub, Protocol):
    """What is asked of it."""

    def get(self, path: str, **wanted: str) -> Any:
        """What is at a path below the repository."""


def up(github: GitHub, pull: Pull, report: Report) -> str:
    """It answers; the comment's address."""
    found = report.known
    until = found.until.strftime("%Y-%m-%d %H:%M UTC") if found.until else "?"
    cost = f"{dollars(report.usd_a_month)} USD a month, {dollars(report.usd)} for {report.days} days"
    text = [
        f"**Preview**: {found.url}",
        "",
        f"- runs `{pull.branch}` at {pull.commit}",
        "- has a database of its own with made-up exams, and nothing of any other environment",
        f"- costs {cost} at Render",
        f"- is removed when this is closed or loses its label, or on {until}; each push moves that",
    ]
    _end_deployments(github, pull.number)
    _deployed(github, pull, "success", environment_url=found.url)
    return comments.comment(github, pull.number, KIND, "\n".join(text))


def failed(github: GitHub, pull: Pull, error: ExplainedError) -> str:
    """It is not what the pull request proposes now; what it was before goes on, if there was anything."""
    why = str(error).partition("\n\n")[0]
    text = [
        f"**Preview** of {pull.commit}: failed",
        "",
        f"```\n{why}\n```",
        "What was there before goes on; the next push tries again.",
    ]
    return comments.comment(github, pull.number, KIND, "\n".join(text))


def gone(github: GitHub, number: int, why: str, *, there: bool) -> str:
    """There is none; where there never was one, and a comment would only be noise, nothing is said."""
    _end_deployments(github, number)
    text = f"**Preview**: {'removed with its database' if there else 'none'}: {why}."
    if not there and not comments.has(github, number, KIND):
        return text
    return comments.comment(github, number, KIND, text)


def _deployed(github: GitHub, pull: Pull, state: str, **more: str) -> None:
    made = github.post(
        "deployments",
        {
            "ref": pull.commit,
            "environment": PREVIEW,
            "task": preview(pull.number),
            "transient_environment": True,
            "auto_merge": False,
            "required_contexts": [],
            "description": f"Preview of pull request {pull.number}",
        },
    )
    github.post(f"deployments/{made['id']}/statuses", {"state": state, "auto_inactive": False, **more})


def _end_deployments(github: GitHub, number: int) -> None:
    """Those before are no more."""
    for one in _deployments(github, number):
        newest = next(iter(github.get(f"deployments/{one['id']}/statuses")), None)
        if newest is None or newest["state"] != "inactive":
            github.post(f"deployments/{one['id']}/statuses", {"state": "inactive"})


def _deployments(github: GitHub, number: int) -> Iterator[Mapping[str, Any]]:
    yield from list(github.pages("deployments", environment=PREVIEW, task=preview(number)))
