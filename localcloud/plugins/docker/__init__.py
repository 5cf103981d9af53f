"""The stand-in for Pulumi's plugin `docker`: builds and pushes source images, with no Docker engine."""

from __future__ import annotations

from localcloud.plugins.bundle import VERSIONS
from localcloud.plugins.docker.image import Image
from localcloud.plugins.fields import string
from localcloud.plugins.provider import Provider
from localcloud.plugins.resource import Values


class DockerProvider(Provider[None]):
    """Reaches registries only, with each image's own credentials."""

    name = "docker"
    version = VERSIONS["docker"]
    config = {"host": string()}  # noqa: RUF012 - a constant table

    def cloud(self, values: Values) -> None:
        """There is none."""
        return


def provider() -> DockerProvider:
    """The plugin with its one resource."""
    return DockerProvider([Image()])
