"""What happens in a repository, told to whoever has subscribed: what starts workflows."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Name = Literal[
    "push",
    "pull_request",
    "pull_request_review",
    "issue_comment",
    "issues",
    "deployment",
    "deployment_status",
    "schedule",
    "workflow_dispatch",
]
Listener = Callable[["Event"], None]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Event:
    """One thing that happened, as a workflow sees it in the `github` context.

    https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
    """

    name: Name
    repository: str
    """The one whose workflows it starts, `owner/name`: of a pull request the base's."""
    ref: str
    """`refs/heads/…`, or `refs/pull/N/merge` of a pull request."""
    sha: str
    """GITHUB_SHA: the commit pushed, or the pull request's merge commit."""
    actor: str
    payload: dict[str, Any]
    """The webhook's body, GITHUB_EVENT_PATH."""
    action: str | None = None
    """Of pull_request: opened, synchronize, reopened, closed, …; of issue_comment: created, edited."""
    number: int | None = None
    """Of the pull request or issue."""
    head_ref: str = ""
    base_ref: str = ""
    head_sha: str = ""
    """The commit that a pull request proposes: statuses and checks are told of this one."""
    from_fork: bool = False
    """A pull request whose head is another owner's: its runs get a read-only token, no secret and no OIDC token."""
    by_job: bool = False
    """Done with a GITHUB_TOKEN: starts no workflow, but workflow_dispatch does."""
    inputs: dict[str, Any] = field(default_factory=dict)
    """Of workflow_dispatch."""
    workflow: str = ""
    """Of workflow_dispatch and schedule: the file of the workflow, such as `drift.yml`."""


class Events:
    """Who listens."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> None:
        """Tell it of every event from now on. It is called under the daemon's lock and has to return at once."""
        self._listeners.append(listener)

    def emit(self, event: Event) -> None:
        """Tell everybody; one that fails does not keep the others, nor what has happened, from going on."""
        _log.info("%s %s %s %s", event.name, event.action or "", event.ref, event.sha[:12])
        for listener in self._listeners:
            try:
                listener(event)
            except Exception:  # noqa: BLE001 - what has happened has happened
                _log.exception("a listener failed at %s", event.name)
