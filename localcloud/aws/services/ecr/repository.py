"""A repository of the registry on this machine: where it is, and where its bytes are."""

from __future__ import annotations

from moto.ecr import models

from localcloud.aws.blobs import Blobs
from localcloud.machine import ports
from localcloud.machine.paths import folder


def layers() -> Blobs:
    """The bytes of all layers and configurations; `Repository.layers` says which a repository has."""
    return Blobs(folder("aws", "registry"))


def address() -> str:
    """The registry's host and port, as images are named."""
    return f"{ports.HOST}:{ports.port('registry')}"


class Repository(models.Repository):
    """A repository of the registry on this machine."""

    @property
    def uri(self) -> str:
        """Where to push to. The port is asked for each time: it is the registry's, not the repository's."""
        return f"{address()}/{self.name}"

    @uri.setter
    def uri(self, value: str) -> None:
        """moto's constructor says the name in Amazon's domain."""
