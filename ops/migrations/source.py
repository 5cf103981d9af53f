"""Where an environment's data is: the address of its database, as Render tells it."""

from __future__ import annotations

from console.errors import ExplainedError
from infra.config import Stack
from ops.context import Context


def address(context: Context, stack: Stack) -> str:
    """From outside of Render; it has the password in it, and is never printed."""
    cloud = context.doors.choose()
    render = context.doors.render(cloud)
    query = {"ownerId": cloud.variables.get("RENDER_OWNER_ID", ""), "name": stack.names.database}
    for database in render.pages("/postgres", query, envelope="postgres"):
        if database["name"] != stack.names.database:  # one that was recovered of it begins alike
            continue
        told = render.get(f"/postgres/{database['id']}/connection-info")
        return str(told["externalConnectionString"])
    raise ExplainedError(
        f"cannot copy the data of {stack.environment}",
        f"there is no database {stack.names.database}",
        hint=f"./slipway up {stack.environment}",
    )
