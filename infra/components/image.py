"""Which image an environment runs."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pulumi

from infra import ops_jobs
from infra.components.registry import Registry
from infra.config import Stack
from infra.content import checkout, content_hash
from infra.release import Release
from registry_provider import resources as registries


class Image(pulumi.ComponentResource):
    """The released image; before the first release, one built from this checkout. Always by digest."""

    reference: pulumi.Output[str]

    def __init__(self, name: str, stack: Stack, *, registry: Registry, release: Release | None) -> None:
        super().__init__(stack.names.component("Image"), name)

        if release:
            self.reference = registry.url.apply(lambda repository: f"{repository}@{release.digest}")
        else:
            folder = app()
            self.reference = built(name, registry, version(None), folder, folder / "Dockerfile", parent=self)

        self.register_outputs({"reference": self.reference})


class OpsImage(pulumi.ComponentResource):
    """What the jobs that keep data run: this checkout's commands beside PostgreSQL's programs (docs/adr/0069)."""

    reference: pulumi.Output[str]

    def __init__(self, name: str, stack: Stack, *, registry: Registry) -> None:
        super().__init__(stack.names.component("OpsImage"), name)
        root = checkout()
        dockerfile = root / ops_jobs.DOCKERFILE

        tag = f"ops-{content_hash(root, dockerfile)[:12]}"
        self.reference = built(name, registry, tag, root, dockerfile, parent=self)

        self.register_outputs({"reference": self.reference})


def built(
    name: str, registry: Registry, tag: str, context: Path, dockerfile: Path, *, parent: pulumi.Resource
) -> pulumi.Output[str]:
    """The image of that tag, by digest; built and pushed where the registry has none."""
    image = registries.Image(
        name,
        repository=registry.url,
        registry_id=registry.registry_id,
        region=registry.region,
        tag=tag,
        # Relative to where the engine runs the program and its plugins: the same on every machine.
        context=os.path.relpath(context),
        dockerfile=os.path.relpath(dockerfile),
        platform="linux/amd64",
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return pulumi.Output.concat(registry.url, "@", image.digest)


def app() -> Path:
    """The folder that the application's image is built of."""
    return checkout() / "app"


def version(release: Release | None) -> str:
    """The released digest, or the tag of what this checkout holds."""
    return release.digest if release else _source_tag()


@cache
def _source_tag() -> str:
    """Tags never move, so each content has its own."""
    return f"src-{content_hash(app())[:12]}"
