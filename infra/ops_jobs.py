"""The jobs that keep an environment's data, as data: what runs them, what each runs, and as whom. No Pulumi."""

from __future__ import annotations

from infra.config import Stack
from infra.names import DROPS

DOCKERFILE = "deploy/ops/Dockerfile"
COMPANION = "companion"
COMMANDS = {"backup": "backup create", "media": "backup media", "drill": "drill", COMPANION: "companion"}
IDENTITIES = {"backup": "backup", "media": "backup", "drill": "restore", COMPANION: "restore"}

COMPANION_ENDS_SECONDS = 60  # in which it breaks a restore off, and starts what it has stopped


def command(stack: Stack, job: str) -> str:
    """What a run of that job is."""
    return f"python -m ops {COMMANDS[job]} {stack.environment}"


def companion_variables(stack: Stack) -> dict[str, str]:
    """What the restore companion is told of the stack file; it remembers in the bucket, as it has no disk."""
    return {
        **stack.job_variables(COMPANION),
        "RESTORE_WATCH_DIR": f"s3://{stack.names.bucket('backups')}/{DROPS}",
        "RESTORE_SERVICES": f"{stack.names.web},{stack.names.worker}",
        "RESTORE_STOP_WAIT_SECONDS": "30",  # Render ends the instances of what is suspended in its own time
    }
