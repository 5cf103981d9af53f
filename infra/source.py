"""What a Render service runs: an image by its digest, or a branch that Render builds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

from infra import ops_jobs
from infra.running import Running
from render_provider import resources as render


@dataclass(frozen=True)
class Source:
    """The inputs that differ between the two: of a service, of its environment, and of its deploys."""

    service: Mapping[str, Any]
    variables: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    deploy: Mapping[str, Any] = field(default_factory=dict)
    triggers: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    version: pulumi.Input[str] | None = None
    """What the public URL must show before a deploy is done; without it, the commit that was deployed."""


def from_image(reference: pulumi.Output[str], credential: render.RegistryCredential) -> Source:
    """The image in this environment's registry, by digest."""
    digest = reference.apply(lambda path: path.partition("@")[2])
    return Source(
        service={"runtime": "image", "image": {"image_path": reference, "registry_credential_id": credential.id}},
        variables={"APP_VERSION": digest},
        deploy={"image_url": reference, "version_variable": "APP_VERSION"},
        triggers={"credential": credential.revision},
        version=digest,
    )


def ops_from_image(reference: pulumi.Output[str], credential: render.RegistryCredential, app: Source) -> Source:
    """The ops image, by digest; what it works on is the application's release."""
    return Source(
        service={"runtime": "image", "image": {"image_path": reference, "registry_credential_id": credential.id}},
        variables=app.variables,
        deploy={"image_url": reference},
        triggers={"credential": credential.revision},
    )


def ops_from_branch(stack: Running) -> Source:
    """The ops image as Render builds it of the tracked branch: of the whole repository."""
    return Source(
        service={
            "runtime": "docker",
            "repo": stack.github.url,
            "branch": stack.branch,
            "dockerfile_path": ops_jobs.DOCKERFILE,
            "auto_deploy_trigger": stack.auto_deploy,
        }
    )


def from_branch(stack: Running, commit: str | None = None) -> Source:
    """The Dockerfile in `app/` of the tracked branch. Render tells the service its commit itself.

    Another `commit` starts a deploy of what the branch has then.
    """
    return Source(
        service={
            "runtime": "docker",
            "repo": stack.github.url,
            "branch": stack.branch,
            "root_dir": stack.application.root,
            "auto_deploy_trigger": stack.auto_deploy,
        },
        triggers={"commit": commit} if commit else {},
    )
