"""The jobs that keep an environment's data, as data: what runs them, what each runs, and as whom. No Pulumi."""

from __future__ import annotations

from infra.config import Stack

DOCKERFILE = "deploy/ops/Dockerfile"
COMMANDS = {"backup": "backup create", "media": "backup media", "drill": "drill"}
IDENTITIES = {"backup": "backup", "media": "backup", "drill": "restore"}


def command(stack: Stack, job: str) -> str:
    """What a run of that job is."""
    return f"python -m ops {COMMANDS[job]} {stack.environment}"
