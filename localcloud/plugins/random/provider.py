"""The stand-in for the plugin `random`."""

from __future__ import annotations

from localcloud.plugins import operations
from localcloud.plugins.bundle import VERSIONS
from localcloud.plugins.provider import Provider
from pulumi_plugin.values import Values


class RandomProvider(Provider[None]):
    """Needs no configuration and reaches no cloud."""

    name = "random"
    version = VERSIONS["random"]

    def cloud(self, values: Values) -> None:
        """There is none."""
        return


OPERATIONS = operations.below("localcloud.plugins.random")


def provider() -> RandomProvider:
    """The plugin with all that it can do."""
    return RandomProvider(*OPERATIONS)
