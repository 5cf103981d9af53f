"""The stand-in for Pulumi's plugin `random`: values made once and kept in the state."""

from __future__ import annotations

from localcloud.plugins.bundle import VERSIONS
from localcloud.plugins.provider import Provider
from localcloud.plugins.random.octets import RandomBytes, RandomId
from localcloud.plugins.random.texts import RandomPassword, RandomString
from localcloud.plugins.random.uuids import RandomUuid
from localcloud.plugins.resource import Values


class RandomProvider(Provider[None]):
    """Needs no configuration and reaches no cloud."""

    name = "random"
    version = VERSIONS["random"]

    def cloud(self, values: Values) -> None:
        """There is none."""
        return


def provider() -> RandomProvider:
    """The plugin with all its tables."""
    return RandomProvider([RandomBytes(), RandomId(), RandomPassword(), RandomString(), RandomUuid()])
