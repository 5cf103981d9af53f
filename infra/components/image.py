"""Which image an environment runs."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pulumi

from infra.components.registry import Registry
from infra.config import Stack
from infra.content import content_hash
from infra.release import Release
from registry_provider import resources as registries

APP = Path(__file__).parents[2] / "app"


class Image(pulumi.ComponentResource):
    """The released image; before the first release, one built from this checkout. Always by digest."""

    reference: pulumi.Output[str]

    def __init__(self, name: str, stack: Stack, *, registry: Registry, release: Release | None) -> None:
        super().__init__(stack.names.component("Image"), name)

        if release:
            self.reference = registry.url.apply(lambda repository: f"{repository}@{release.digest}")
        else:
            self.reference = self._built(name, registry)

        self.register_outputs({"reference": self.reference})

    def _built(self, name: str, registry: Registry) -> pulumi.Output[str]:
        image = registries.Image(
            name,
            repository=registry.url,
            registry_id=registry.registry_id,
            region=registry.region,
            tag=version(None),
            # Relative to where the engine runs the program and its plugins: the same on every machine.
            context=os.path.relpath(APP),
            dockerfile=os.path.relpath(APP / "Dockerfile"),
            platform="linux/amd64",
            opts=pulumi.ResourceOptions(parent=self),
        )
        return pulumi.Output.concat(registry.url, "@", image.digest)


def version(release: Release | None) -> str:
    """The released digest, or the tag of what this checkout holds."""
    return release.digest if release else _source_tag()


@cache
def _source_tag() -> str:
    """Tags never move, so each content has its own."""
    return f"src-{content_hash(APP)[:12]}"
