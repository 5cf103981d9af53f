"""`python -m render_provider.provider ENGINE_ADDRESS`: started by the engine, never by hand."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pulumi_plugin.server import serve
from render_provider.provider import VERSION

if TYPE_CHECKING:
    from render_provider.provider.provider import RenderProvider


def main(arguments: list[str]) -> None:
    """Serve until the engine says stop or is gone."""
    addresses = [argument for argument in arguments if not argument.startswith("-")]
    serve(lambda: load(addresses[0] if addresses else ""), version=VERSION, accept_secrets=True)


def load(engine_address: str) -> RenderProvider:
    """The provider, telling its progress to the engine. Its many models take a tenth of a second to load."""
    from pulumi_plugin.engine_log import EngineLog
    from render_provider.provider.provider import RenderProvider
    from render_provider.provider.task import Level

    log = EngineLog(engine_address)

    def tell(urn: str, level: Level, message: str) -> None:
        log(urn, message, warning=level is Level.WARNING, ephemeral=level is Level.STATUS)

    return RenderProvider(tell)


main(sys.argv[1:])
