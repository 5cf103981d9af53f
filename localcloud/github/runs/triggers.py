"""Whether an event starts a workflow: its filters for branches, tags, paths and kinds of activity.

https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from localcloud.github.runs.workflow import Workflow

USUAL_TYPES = {"pull_request": ("opened", "synchronize", "reopened")}


@dataclass(frozen=True)
class Happened:
    """As much of an event as the filters ask for."""

    name: str
    ref: str
    """What was pushed, in full; of a pull request its base."""
    action: str = ""
    paths: Collection[str] = ()


def starts(workflow: Workflow, event: Happened) -> bool:
    """Whether that event starts a run of it."""
    if event.name not in workflow.triggers:
        return False
    filters = workflow.triggers[event.name]
    types = filters.get("types") or USUAL_TYPES.get(event.name, ())
    if event.action and types and event.action not in types:
        return False
    return _ref_passes(filters, event.ref) and _paths_pass(filters, event.paths)


def schedules(workflow: Workflow) -> list[str]:
    """When it runs by itself (UTC, five fields)."""
    return [str(one["cron"]) for one in workflow.triggers.get("schedule", {}).get("list", ())]


def _ref_passes(filters: Mapping[str, Any], ref: str) -> bool:
    branch, tag = ref.removeprefix("refs/heads/"), ref.removeprefix("refs/tags/")
    of_branches = [key for key in ("branches", "branches-ignore") if key in filters]
    of_tags = [key for key in ("tags", "tags-ignore") if key in filters]
    if tag != ref:
        if not of_tags:
            return not of_branches
        return _chosen(filters, "tags", tag)
    if not of_branches:
        return not of_tags
    return _chosen(filters, "branches", branch)


def _paths_pass(filters: Mapping[str, Any], paths: Collection[str]) -> bool:
    if "paths" in filters:
        return any(matches(filters["paths"], path) for path in paths)
    if "paths-ignore" in filters:
        return not paths or not all(matches(filters["paths-ignore"], path) for path in paths)
    return True


def _chosen(filters: Mapping[str, Any], kind: str, name: str) -> bool:
    if kind in filters:
        return matches(filters[kind], name)
    return not matches(filters[f"{kind}-ignore"], name)


def matches(patterns: Sequence[str] | str, name: str) -> bool:
    """Whether a list of patterns has a name: the last that fits decides, and `!` takes away."""
    fits = False
    for pattern in [patterns] if isinstance(patterns, str) else patterns:
        if re.fullmatch(_expression(str(pattern).removeprefix("!")), name):
            fits = not str(pattern).startswith("!")
    return fits


def _expression(pattern: str) -> str:
    """GitHub's patterns: `*` stops at a slash, `**` does not; `?` and `+` are of the character before."""
    parts = re.findall(r"\*\*/?|\*|\?|\+|\[[^\]]*\]|\\.|.", pattern)
    return "".join(map(_part, parts))


def _part(part: str) -> str:
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "?", "+": "+"}
    if part in known:
        return known[part]
    return part if part[0] in "[\\" else re.escape(part)
