"""What act writes, line by line as JSON, as people read a job's log, and as GitHub lists a job's steps."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

TALK = re.compile(r"LocalRepositoryCache |Cleaning up container|docker connection|^Error: Job '")
COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def lines(path: Path, job: str) -> Iterator[str]:
    """The log of one job of the file: each line with its time, as GitHub keeps it."""
    for entry in _entries(path):
        text = _told(entry) if entry.get("jobID", job) == job else None
        if text is not None:
            at = str(entry.get("time", ""))
            for line in text.rstrip("\r\n").splitlines() or [""]:
                yield f"{at} {line}"


def steps(path: Path, job: str) -> list[dict[str, Any]]:
    """The steps of the job, in order, with their conclusions."""
    found: dict[str, dict[str, Any]] = {}
    for entry in _entries(path):
        if entry.get("jobID") != job or entry.get("stage") != "Main" or not _is_own(entry):
            continue
        step = found.setdefault(
            entry["stepID"][0],
            {
                "name": entry["step"].splitlines()[0],
                "number": len(found) + 1,
                "status": "in_progress",
                "conclusion": None,
                "started_at": entry["time"],
                "completed_at": None,
            },
        )
        if "stepResult" in entry:
            step |= {"status": "completed", "conclusion": entry["stepResult"], "completed_at": entry["time"]}
    return list(found.values())


def summary(path: Path, job: str) -> str:
    """What its steps have put into GITHUB_STEP_SUMMARY: GitHub shows it on the run's page, and in no answer."""
    told = (one["content"] for one in _entries(path) if one.get("jobID") == job and one.get("command") == "summary")
    return "\n".join(map(str, told))


def failed(path: Path, job: str) -> bool:
    """Whether a step of it has, so that only those go on that always run."""
    return any(step["conclusion"] == "failure" for step in steps(path, job))


def _entries(path: Path) -> Iterator[dict[str, Any]]:
    try:
        text = path.read_text(errors="replace")
    except FileNotFoundError:
        return
    for line in text.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            entry = {"level": "info" if TALK.search(line) else "fatal", "msg": line}
        if isinstance(entry, dict):
            yield entry


def _told(entry: dict[str, Any]) -> str | None:
    """What a reader wants of it; None for what only a reader of act's own log would.

    What a step runs stands in a group, which GitHub's page folds. The steps of an action do not: of GitHub's own
    actions, which have none here as there, only what they print is told.
    """
    message = COLOURS.sub("", str(entry.get("msg", "")))
    if TALK.search(message) or entry.get("command") == "set-output":
        return None
    if entry.get("raw_output"):
        return message
    if entry.get("command") in ("error", "warning", "notice", "debug"):
        return f"##[{entry['command']}]{entry.get('arg', '')}"
    if entry.get("level") in ("error", "fatal"):
        return f"##[error]{message}"
    if message.startswith("⭐ Run Main "):
        return f"##[group]Run {message.removeprefix('⭐ Run Main ')}\n##[endgroup]" if _is_own(entry) else None
    if entry.get("stepResult") == "failure":
        return f"##[error]{entry.get('step', '').splitlines()[0]} failed"
    return None


def _is_own(entry: Mapping[str, Any]) -> bool:
    """Whether it is about a step of the job itself, not of an action that one uses."""
    return len(entry.get("stepID", ())) == 1
