"""A provider whose resources do nothing: what the engine itself costs."""

from __future__ import annotations

import sys
from typing import Any

import pulumi.provider.experimental.provider as sdk
from pulumi.provider.experimental.server import main


class Noop(sdk.Provider):
    """Says yes to everything."""

    async def get_schema(self, request: Any) -> Any:
        return sdk.GetSchemaResponse('{"name":"noop","version":"1.0.0"}')

    async def check(self, request: Any) -> Any:
        return sdk.CheckResponse(inputs=request.new_inputs)

    async def diff(self, request: Any) -> Any:
        return sdk.DiffResponse(changes=False, diffs=[], replaces=[])

    async def create(self, request: Any) -> Any:
        return sdk.CreateResponse(resource_id=request.urn, properties=request.properties)

    async def delete(self, request: Any) -> None:
        return None


main(sys.argv[1:], "1.0.0", Noop())
