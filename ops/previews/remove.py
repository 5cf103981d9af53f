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
from render_api.errors import RenderError


def remove(place: Place, number: int) -> bool:
    """Whether there was anything of it. Its state goes last, so that a removal that was killed is found again.

    An `up` that was killed may have made what no state knows: the provider keeps an environment in which such a thing
    is, and all of it is nobody's but the preview's.
    """
    stack = preview(number)
    stacked = stack in place.pulumi.stacks()
    if stacked:
        place.context.output.say(f"removing {stack} from {place.cloud.name}")
    destroyed = not stacked or _destroy(place, number) == 0
    left = _sweep(place, number)
    if not destroyed and (code := _destroy(place, number)):
        raise ExplainedError(
            f"{stack} is not removed",
            f"`pulumi destroy` ended with exit code {code}, see above",
            hint=f"once that is mended: {_again(number)}",
        )
    if stacked:
        place.pulumi.remove_stack(stack)
    place.forget(number)
    return stacked or left


def _again(number: int) -> str:
    return f"./slipway previews remove {number}"


def _destroy(place: Place, number: int) -> int:
    try:
        return place.pulumi.destroy(preview(number))
    except InterruptedRunError as error:
        what = f"{preview(number)} is not removed"
        raise ExplainedError(what, "interrupted", hint=f"to go on: {_again(number)}") from error


def _sweep(place: Place, number: int) -> bool:
    """Whether its environment was at Render still; with that goes what is in it.

    https://api-docs.render.com/reference/delete-environment
    """
    context, stack = place.context, preview(number)
    try:
        render = context.doors.render(place.cloud, on_wait=context.output.say)
        found = [one["id"] for one in _environments(render, place.owner) if one["name"] == stack]
        for key in found:
            context.output.say(f"removing what Pulumi does not know of {stack}: {key}")
            render.delete(f"/environments/{key}")
    except RenderError as error:
        raise ExplainedError(f"{stack} is not removed", str(error), hint=f"to go on: {_again(number)}") from error
    return bool(found)


def _environments(render: Render, owner: str) -> Iterator[dict[str, Any]]:
    """Of our project."""
    name = APPLICATION.name
    for project in render.pages("/projects", {"ownerId": owner, "name": name}, envelope="project"):
        if project["name"] == name:
            yield from render.pages("/environments", {"projectId": project["id"]}, envelope="environment")
