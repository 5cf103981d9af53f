"""Which image an environment runs."""

from __future__ import annotations

import os
from pathlib import Path

import pulumi
import pulumi_docker as docker
from pulumi_aws import ecr

from infra.components.registry import Registry
from infra.content import content_hash
from infra.release import Release

APP = Path(__file__).parents[2] / "app"


class Image(pulumi.ComponentResource):
    """The released image; before the first release, one built from this checkout. Always by digest."""

    reference: pulumi.Output[str]

    def __init__(self, name: str, *, registry: Registry, release: Release | None) -> None:
        super().__init__("cams:index:Image", name)

        if release:
            self.reference = registry.url.apply(lambda repository: f"{repository}@{release.digest}")
        else:
            self.reference = self._built(name, registry)

        self.register_outputs({"reference": self.reference})

    def _built(self, name: str, registry: Registry) -> pulumi.Output[str]:
        tag = source_tag(content_hash(APP))
        token = ecr.get_authorization_token_output(registry_id=registry.registry_id)
        image = docker.Image(
            name,
            image_name=registry.url.apply(lambda repository: f"{repository}:{tag}"),
            build={
                # Relative to where the engine runs the program and its plugins: the same on every machine.
                "context": os.path.relpath(APP),
                "dockerfile": os.path.relpath(APP / "Dockerfile"),
                "platform": "linux/amd64",
            },
            registry={
                "server": token.proxy_endpoint,
                "username": token.user_name,
                "password": pulumi.Output.secret(token.password),
            },
            opts=pulumi.ResourceOptions(parent=self),
        )
        return image.repo_digest


def source_tag(content: str) -> str:
    """Tags never move, so each content has its own."""
    return f"src-{content[:12]}"
