"""One comment of a kind at a pull request, and one issue of a kind: found again by a mark, and written anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

OVER = "It is so no longer, and this issue closes itself."
LONGEST = 65_536
"""Characters of a comment: GitHub refuses a longer one, `body is too long (maximum is 65536 characters)`."""
CUT = "\n\n**The rest is in the summary of the run.**"


class GitHub(Protocol):
    """What is asked of it."""

    def pages(self, path: str, **wanted: str) -> Iterator[dict[str, Any]]:
        """Every item of a list."""

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Make something."""

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        """Change something."""


def mark(kind: str) -> str:
    """What no reader sees and we find."""
    return f"<!-- slipway: {kind} -->"


def comment(github: GitHub, pull: int, kind: str, text: str, *, of: str = "") -> str:
    """Have that comment say this, and below it of what and when that is; its address. What is too long ends early."""
    end = f"\n\n<sub>{of}</sub>" if of else ""
    room = LONGEST - len(mark(kind)) - len(end) - len(CUT) - 1
    if len(text) > room:
        text = text[:room].rpartition("\n")[0] + CUT
    body = {"body": f"{mark(kind)}\n{text.rstrip()}{end}"}
    for one in github.pages(f"issues/{pull}/comments"):
        if one["body"].startswith(mark(kind)):
            return str(github.patch(f"issues/comments/{one['id']}", body)["html_url"])
    return str(github.post(f"issues/{pull}/comments", body)["html_url"])


def has(github: GitHub, pull: int, kind: str) -> bool:
    """Whether that comment is there."""
    return any(one["body"].startswith(mark(kind)) for one in github.pages(f"issues/{pull}/comments"))


def of_run(environ: Mapping[str, str], commit: str = "") -> str:
    """What a job's comment is of: the commit, and its run; empty outside of one."""
    url, run = environ.get("GITHUB_SERVER_URL"), environ.get("GITHUB_RUN_ID")
    if not url or not run:
        return ""
    repository = f"{url}/{environ['GITHUB_REPOSITORY']}"
    return f"[the run]({repository}/actions/runs/{run}) of {(commit or environ['GITHUB_SHA'])[:12]}"


def issue(github: GitHub, kind: str, title: str, text: str) -> str:
    """Have the one open issue of that kind say this; with nothing to say it is closed, and told why. Its address."""
    found = next((one for one in github.pages("issues", state="open") if _is(one, kind)), None)
    if not text and found:
        github.post(f"issues/{found['number']}/comments", {"body": OVER})
        return str(github.patch(f"issues/{found['number']}", {"state": "closed"})["html_url"])
    if not text:
        return ""
    body = {"title": title, "body": f"{mark(kind)}\n{text}"}
    made = github.patch(f"issues/{found['number']}", body) if found else github.post("issues", body)
    return str(made["html_url"])


def _is(one: Mapping[str, Any], kind: str) -> bool:
    return "pull_request" not in one and (one.get("body") or "").startswith(mark(kind))
