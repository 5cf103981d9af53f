"""Have the workflow of the reviewed branch look at a pull request, whose own workflow is given no key."""

from __future__ import annotations

from infra.preview import Previews
from ops.previews.pulls import pull
from ops.previews.told import GitHub

WORKFLOW = "previews.yml"


def ask(github: GitHub, shared: Previews, number: int) -> str:
    """Start it, and say so; of a fork, whose token could start nothing, say why there is no preview."""
    found = pull(github, number)
    if not found.is_ours:
        return f"Pull request {number} gets no preview: {found.refusal}."
    github.post(f"actions/workflows/{WORKFLOW}/dispatches", {"ref": shared.branch, "inputs": {"pull": str(number)}})
    return f"The preview of pull request {number} is looked after by `{WORKFLOW}` of `{shared.branch}`."
