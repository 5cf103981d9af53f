"""One job of a workflow as a workflow of its own: what it needs stands beside it as it ended, and tells it no more.

So every job is started by itself, with its own token, rights, environment and place in the queue, and act still
reads and evaluates all that the file says. Expressions outside of jobs are evaluated by it, too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml

from localcloud.github.runs.plan import CALL, Node
from localcloud.github.runs.workflow import DEFINED, Workflow

END = "slipway-end"
URL = "slipway_environment_url"
"""The output by which a job tells the address of what it has deployed."""
RUNNER = "ubuntu-24.04"
CALLED = Path(".github", "workflows", "called")
OURS = ("concurrency", "environment", "timeout-minutes")  # what the runner itself carries out


@dataclass(frozen=True)
class Result:
    """How a job ended, as those that need it see it."""

    conclusion: str
    outputs: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    """The keys of those that it needed itself: `failure()` is about all that came before a job."""


@dataclass(frozen=True)
class Given:
    """Where a job stands: the repository at its commit, and the call that has brought it, with what that needs."""

    source: Path
    call: Node | None = None
    call_needs: Mapping[str, Result] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """The file for act, and where what it finds out is written."""

    file: Path
    told: Path


def of_job(node: Node, needs: Mapping[str, Result], given: Given, folder: Path) -> Written:
    """The job itself; at its end its result and outputs are told."""
    body = {name: value for name, value in node.job.body.items() if name not in OURS}
    if node.job.environment_url:
        body["outputs"] = {**(body.get("outputs") or {}), URL: node.job.environment_url}
    return _written(node, body, needs, given, folder, "job")


def of_outputs(call: Node, called: Mapping[str, Result], given: Given, folder: Path) -> Written:
    """What a call puts out, once its jobs are over; `given` names the call itself."""
    inside = replace(call, workflow=call.opened or call.workflow)
    return _written(inside, None, called, given, folder, "outputs")


def of_words(
    node: Node, needs: Mapping[str, Result], given: Given, words: Mapping[str, str], folder: Path
) -> Written:
    """Whether a job is to run, and what these expressions say where it does: each is an output then."""
    body: dict[str, Any] = {
        "runs-on": RUNNER,
        "outputs": {name: f"${{{{ steps.words.outputs.{name} }}}}" for name in words},
        "steps": [{"id": "words", "env": dict(words), "run": "\n".join(map(_told, words)) or ":"}],
    }
    if node.job.needs:
        body["needs"] = [*node.job.needs]
    if "if" in node.job.body:
        body["if"] = node.job.body["if"]
    return _written(node, body, needs, given, folder, "words")


def _told(name: str) -> str:
    mark = uuid4().hex
    return f'printf \'%s<<{mark}\\n%s\\n{mark}\\n\' {name} "${name}" >>"$GITHUB_OUTPUT"'


def _written(
    node: Node, body: Mapping[str, Any] | None, needs: Mapping[str, Result], given: Given, folder: Path, name: str
) -> Written:
    """A called job stands in a file that is called as its own is, so that it sees the inputs that it is given."""
    told = folder / f"{name}.json"
    stubs = {key.rpartition("/")[2]: _stub(key, result, folder) for key, result in needs.items()}
    if given.call is None:
        jobs = {**stubs, node.job.id: body or {}, END: _end(node.job.id, told)}
        return Written(_write(node.workflow, jobs, folder / f"{name}.yml"), told)
    inside = stubs if body is None else {**stubs, node.job.id: body, END: _end(node.job.id, told)}
    called = _write(node.workflow, inside, given.source / CALLED / f"{folder.name}-{name}.yml", outputs=body is None)
    caller = {key: value for key, value in given.call.job.body.items() if key not in (*OURS, "if")}
    caller["uses"] = f"./{called.relative_to(given.source)}"
    jobs = {key: _stub(key, result, folder) for key, result in given.call_needs.items()} | {given.call.job.id: caller}
    if body is None:
        jobs[END] = _end(given.call.job.id, told)
    return Written(_write(given.call.workflow, jobs, folder / f"{name}.yml"), told)


def _end(job: str, told: Path) -> dict[str, Any]:
    return {
        "needs": [job],
        "if": "${{ always() }}",
        "runs-on": RUNNER,
        "steps": [{"env": {"TOLD": f"${{{{ toJSON(needs.{job}) }}}}"}, "run": f"printf '%s' \"$TOLD\" >'{told}'"}],
    }


def result(written: Written) -> Result | None:
    """What the job has told at its end; None where it never came to it."""
    try:
        said = json.loads(written.told.read_text())
    except (OSError, ValueError):
        return None
    return Result(said["result"], {name: str(value) for name, value in (said.get("outputs") or {}).items()})


def has_expression(*words: object) -> bool:
    """Whether one of them has to be evaluated."""
    return any(DEFINED in str(word) for word in words)


def _stub(name: str, result: Result, folder: Path) -> dict[str, Any]:
    """A job that has ended. Its outputs come from a file: as text in the workflow they would be evaluated again."""
    path = folder / f"needs-{name.replace('/', '-')}"
    mark = uuid4().hex
    path.write_text("".join(f"{key}<<{mark}\n{value}\n{mark}\n" for key, value in result.outputs.items()))
    code = 0 if result.conclusion == "success" else 1
    needs = [need.rpartition("/")[2] for need in result.needs]
    return {
        **({"needs": needs} if needs else {}),
        "if": "${{ false }}" if result.conclusion == "skipped" else "${{ always() }}",
        "runs-on": RUNNER,
        "outputs": {key: f"${{{{ steps.told.outputs.{key} }}}}" for key in result.outputs},
        "steps": [{"id": "told", "run": f"cat '{path}' >>\"$GITHUB_OUTPUT\"; exit {code}"}],
    }


def _write(workflow: Workflow, jobs: Mapping[str, Any], path: Path, *, outputs: bool = True) -> Path:
    kept = {name: value for name, value in workflow.body.items() if name not in ("jobs", "concurrency", "on")}
    # Through JSON, so that what the file says twice by an anchor is written twice.
    whole = json.loads(json.dumps({**kept, "on": workflow.body["on"], "jobs": jobs}, default=str))
    if not outputs:
        whole["on"] = {CALL: {**(workflow.triggers[CALL]), "outputs": {}}}  # they speak of jobs that are not here
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(whole, sort_keys=False))
    return path
