"""The jobs of a run: those of its file, and those of the workflows that these call, under their caller's name.

https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from localcloud.github.runs import permissions
from localcloud.github.runs.workflow import Job, Workflow, WorkflowError, read

CALL = "workflow_call"
Read = Callable[[str], str | None]


@dataclass(frozen=True)
class Node:
    """A job of a run, or the call of a workflow, which is over when the called jobs are."""

    key: str
    """Its id; of a called job with its caller's before it: `build/image`."""
    job: Job
    workflow: Workflow
    """The file that it stands in."""
    rights: Mapping[str, str]
    needs: tuple[str, ...] = ()
    caller: str = ""
    """The key of the call that has brought it."""
    called: tuple[str, ...] = ()
    """Of a call: the keys of its jobs."""
    opened: Workflow | None = None
    """Of a call: the file that they stand in."""

    @property
    def name(self) -> str:
        """As GitHub shows it."""
        return " / ".join([*self.key.split("/")[:-1], self.job.name])


def of(workflow: Workflow, read_file: Read, *, fork: bool = False) -> dict[str, Node]:
    """Every job and call of a run; `read_file` gives what the repository holds at its commit."""
    nodes: dict[str, Node] = {}
    for job in workflow.jobs.values():
        rights = permissions.of_job(workflow.body, job.body, fork=fork)
        node = Node(job.id, job, workflow, rights, job.needs)
        if not job.calls:
            nodes[job.id] = node
            continue
        called = _called(node, read_file)
        nodes[job.id] = replace(node, called=tuple(called), opened=next(iter(called.values())).workflow)
        nodes |= called
    return nodes


def _called(caller: Node, read_file: Read) -> dict[str, Node]:
    file = caller.job.calls
    text = read_file(file)
    if text is None:
        raise WorkflowError(f"{caller.workflow.file}: job {caller.key} calls {file}, which is not there")
    workflow = read(file, text)
    if CALL not in workflow.triggers:
        raise WorkflowError(f"{caller.workflow.file}: {file} is not started by {CALL}")
    found = {}
    for job in workflow.jobs.values():
        if job.calls:
            raise WorkflowError(f"{file}: job {job.id} calls another workflow, and this machine calls one level deep")
        wanted = permissions.of_job(workflow.body, job.body)
        key = f"{caller.key}/{job.id}"
        needs = tuple(f"{caller.key}/{need}" for need in job.needs)
        found[key] = Node(key, job, workflow, permissions.narrowed(caller.rights, wanted), needs, caller.key)
    return found
