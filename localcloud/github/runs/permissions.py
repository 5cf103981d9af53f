"""What the token of a job may do, and whether it may ask for a token of the issuer.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SCOPES = (
    *("actions", "artifact-metadata", "attestations", "checks", "contents", "deployments", "discussions"),
    *("id-token", "issues", "models", "packages", "pages", "pull-requests", "security-events", "statuses"),
)
LEVELS = ("none", "read", "write")
USUAL = {"contents": "read", "packages": "read"}  # of a repository made since 2023


def of_job(workflow: Mapping[str, Any], job: Mapping[str, Any], *, fork: bool = False) -> dict[str, str]:
    """Scopes and levels. For a fork's pull request a job reads, whatever the files say, and never says who it is."""
    said = job.get("permissions", workflow.get("permissions", USUAL))
    given = _levels(said)
    if fork:
        given = {scope: "read" for scope, level in given.items() if level != "none" and scope != "id-token"}
    return given


def narrowed(given: Mapping[str, str], called: Mapping[str, str]) -> dict[str, str]:
    """What is left where a workflow is called: it may ask for less than its caller has, never for more."""
    lower = {scope: min(level, given.get(scope, "none"), key=LEVELS.index) for scope, level in called.items()}
    return {scope: level for scope, level in lower.items() if level != "none"}


def speaks(given: Mapping[str, str]) -> bool:
    """Whether the job may ask for a token that says who it is."""
    return given.get("id-token") == "write"


def _levels(said: Any) -> dict[str, str]:
    if said == "read-all":
        return {scope: "read" for scope in SCOPES if scope != "id-token"}
    if said == "write-all":
        return dict.fromkeys(SCOPES, "write")
    return {str(scope): str(level) for scope, level in (said or {}).items() if level != "none"}
