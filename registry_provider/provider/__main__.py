"""`python -m registry_provider.provider ENGINE_ADDRESS`: started by the engine, never by hand."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pulumi_plugin.server import serve
from registry_provider.provider import VERSION

if TYPE_CHECKING:
    from registry_provider.provider.provider import RegistryProvider


def main(arguments: list[str]) -> None:
    """Serve until the engine says stop or is gone."""
    addresses = [argument for argument in arguments if not argument.startswith("-")]
    serve(lambda: load(addresses[0] if addresses else ""), version=VERSION, accept_secrets=True)


def load(engine_address: str) -> RegistryProvider:
    """The provider, telling its progress to the engine."""
    from pulumi_plugin.engine_log import EngineLog
    from registry_provider.provider.provider import RegistryProvider

    return RegistryProvider(EngineLog(engine_address))


main(sys.argv[1:])
