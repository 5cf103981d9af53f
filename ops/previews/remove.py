"""Remove a preview with all that it has: what Pulumi knows, what it does not, and its state. A second time mends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from console.errors import ExplainedError
from infra.application import APPLICATION
from infra.names import preview
from ops.doors.programs import InterruptedRunError
from ops.doors.render import Render
from ops.previews.place import Place


def remove(place: Place, number: int) -> bool:
    """Whether there was anything of it. Its state goes last, so that a removal that was killed is found again."""
    stack = preview(number)
    stacked = stack in place.pulumi.stacks()
    if stacked:
        place.context.output.say(f"removing {stack} from {place.cloud.name}")
        _destroy(place, number)
    left = _sweep(place, stack)
    if stacked:
        place.pulumi.remove_stack(stack)
    place.forget(number)
    return stacked or left


def _destroy(place: Place, number: int) -> None:
    stack, again = preview(number), f"./slipway previews remove {number}"
    try:
        code = place.pulumi.destroy(stack)
    except InterruptedRunError as error:
        raise ExplainedError(f"{stack} is not removed", "interrupted", hint=f"to go on: {again}") from error
    if code != 0:
        raise ExplainedError(
            f"{stack} is not removed",
            f"`pulumi destroy` ended with exit code {code}, see above",
            hint=f"once that is mended: {again}",
        )


def _sweep(place: Place, stack: str) -> bool:
    """Whether its environment was at Render still, as after an `up` that was killed before it wrote that down.

    With the environment goes what is in it. https://api-docs.render.com/reference/delete-environment
    """
    context, owner = place.context, place.cloud.variables.get("RENDER_OWNER_ID", "")
    render = context.doors.render(place.cloud, on_wait=context.output.say)
    found = [one["id"] for one in _environments(render, owner) if one["name"] == stack]
    for key in found:
        context.output.say(f"removing what Pulumi does not know of {stack}: {key}")
        render.delete(f"/environments/{key}")
    return bool(found)


def _environments(render: Render, owner: str) -> Iterator[dict[str, Any]]:
    """Of our project."""
    name = APPLICATION.name
    for project in render.pages("/projects", {"ownerId": owner, "name": name}, envelope="project"):
        if project["name"] == name:
            yield from render.pages("/environments", {"projectId": project["id"]}, envelope="environment")
