"""What an environment has become, beside what its files say: told in one issue, which closes itself."""

from __future__ import annotations

from infra.config import Stack
from ops.context import Context
from ops.pipeline import comments
from ops.pipeline.changes import markdown
from ops.pipeline.comments import GitHub
from ops.pipeline.preview import Preview, preview

WORKFLOW = "drift.yml"


def look(context: Context, environment: str) -> Preview:
    """What `up --refresh` would do."""
    return preview(context, environment, refresh=True)


def tell(github: GitHub, found: Preview) -> str:
    """Have the environment's issue say it; its address, if there is one."""
    name = found.environment
    text = ""
    if found.changes:
        mend = f"To mend it: `./slipway up {name} --refresh`. To keep it: say it in `Pulumi.{name}.yaml`."
        text = "\n".join([*markdown(name, found.changes), "", mend])
    return comments.issue(github, f"drift {name}", f"{name} is not what its files say", text)


def start_everywhere(github: GitHub, stacks: list[Stack], workflow: str = WORKFLOW) -> list[str]:
    """Start a workflow on each branch: the role of an environment is for its own branch alone."""
    for stack in stacks:
        github.post(f"actions/workflows/{workflow}/dispatches", {"ref": stack.branch})
    return [stack.branch for stack in stacks]
