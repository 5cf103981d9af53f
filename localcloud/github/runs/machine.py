"""What a job finds on its machine: its own variables and secrets, and where the two clouds of this machine are."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from console import inherited
from localcloud.github import tokens as issuer
from localcloud.github.job import Job
from localcloud.github.repositories.model import Repository
from localcloud.github.runs.model import JobRun, Run
from localcloud.github.runs.permissions import speaks
from localcloud.github.runs.plan import Node
from localcloud.github.store import GitHub
from localcloud.github.users.model import known
from localcloud.machine.paths import checkout, folder, git_host
from localcloud.machine.ports import HOST, port

# A job shows its own token and gets keys for it; the key of Render is a secret of the environment.
NOT_GIVEN = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "RENDER_API_KEY", "PATH")
VARIABLES = ("RENDER_OWNER_ID",)
SHELL = Path(__file__).parent / "shell"  # in place of bash: it takes act's terminal from a step


@cache
def cloud() -> dict[str, str]:
    """What `local env` sets in a shell, asked of its command as everybody does."""
    command = [sys.executable, "-m", "localcloud", "env", "--json"]
    said = subprocess.run(command, capture_output=True, check=True, text=True, timeout=60).stdout
    return {name: value for name, value in json.loads(said).items() if value is not None}


def base() -> dict[str, str]:
    """What every job's processes start with."""
    ours = str(Path(sys.executable).parent)
    path = [part for part in os.environ.get("PATH", os.defpath).split(os.pathsep) if part != ours]
    bash = shutil.which("bash", path=os.pathsep.join(path)) or "/bin/bash"
    # What shortens a gate's watch for tests is for jobs, too; whose cloud it is, is told to those that may ask it.
    dropped = ("SLIPWAY_ROOT", *filter(lambda name: name.startswith("GITHUB_"), os.environ))
    kept = {name: value for name, value in inherited.for_servers().items() if name not in dropped}
    return (
        kept
        | inherited.direct()
        | {
            "PATH": os.pathsep.join([str(SHELL), *path]),
            "GIT_CONFIG_GLOBAL": str(inherited.GIT_CONFIG),
            "GIT_CONFIG_NOSYSTEM": "1",
            "ACT_DISABLE_VERSION_CHECK": "1",  # it would ask the network
            "SLIPWAY_GIT_HOST": str(git_host()),
            "SLIPWAY_RUNNER_BASH": bash,
            "SLIPWAY_RUNNER_PYTHON": sys.executable,
        }
    )


def given(github: GitHub, run: Run, job: JobRun, node: Node) -> dict[str, str]:
    """The machine's environment for that job: the clouds only where it may say who it is."""
    found = base() | {
        "SLIPWAY_ARTIFACTS": str(folder("github", "runs", run.id, "artifacts")),
        # This machine may have no network and no Docker engine: what needs one is left out, and says so.
        "SLIPWAY_UNREACHABLE": "skip",
    }
    if not trusted(run, node):
        return found
    clouds = {name: value for name, value in cloud().items() if name not in NOT_GIVEN}
    path = os.pathsep.join([str(folder("bin")), found["PATH"]])
    return (
        found
        | clouds
        | {"PATH": path, "SLIPWAY_ROOT": str(checkout())}
        | issuer.variables(_claims(github, run, job, node))
    )


def secrets(run: Run, job: JobRun, node: Node, token: str) -> dict[str, str]:
    """GITHUB_TOKEN, and those of its environment."""
    found = {"GITHUB_TOKEN": token}
    if job.environment and trusted(run, node):
        known = cloud()
        found |= {name: known[name] for name in ("RENDER_API_KEY", "PULUMI_CONFIG_PASSPHRASE")}
    return found


def variables() -> dict[str, str]:
    """Of the repository, `vars`."""
    known = cloud()
    return {name: known[name] for name in VARIABLES}


def context(run: Run) -> dict[str, str]:
    """What GitHub's variables say of the run."""
    trigger = run.trigger
    api = f"http://{HOST}:{port('github')}"
    return {
        "GITHUB_REPOSITORY": run.repository,
        "GITHUB_REPOSITORY_OWNER": run.repository.partition("/")[0],
        "GITHUB_REF": trigger.ref,
        "GITHUB_BASE_REF": trigger.base_ref,
        "GITHUB_HEAD_REF": trigger.head_ref,
        "SHA_REF": trigger.sha,  # act's name for GITHUB_SHA
        "GITHUB_ACTOR": trigger.actor,
        "GITHUB_RUN_ID": run.id,
        "GITHUB_RUN_NUMBER": str(run.number),
        "GITHUB_RUN_ATTEMPT": str(run.attempt),
        "GITHUB_API_URL": api,
        "GITHUB_GRAPHQL_URL": f"{api}/graphql",
    }


def trusted(run: Run, node: Node) -> bool:
    """Whether it may speak as this repository's workflow."""
    return speaks(node.rights) and not run.trigger.fork


def _claims(github: GitHub, run: Run, job: JobRun, node: Node) -> Job:
    with github.lock:
        repository = github.store.find(Repository, run.repository.lower())
        owner = known(github, repository.owner)
    trigger = run.trigger
    return Job(
        owner=repository.owner,
        owner_id=owner.number,
        repository=repository.name,
        repository_id=repository.number,
        ref=trigger.ref,
        environment=job.environment or None,
        event_name=trigger.event,
        workflow=run.name,
        workflow_file=Path(run.file).name,
        called_file=Path(node.workflow.file).name if node.caller else "",
        sha=trigger.sha,
        actor=trigger.actor,
        head_ref=trigger.head_ref,
        base_ref=trigger.base_ref,
        run_id=int(run.id),
        run_number=run.number,
        run_attempt=run.attempt,
    )
