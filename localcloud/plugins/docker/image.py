"""Images: built from the files of a context and pushed to a registry."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Set
from pathlib import Path
from typing import ClassVar

from localcloud.dockerfile import DockerfileError
from localcloud.plugins.docker.registry import Registry, reference_of
from localcloud.plugins.docker.source_image import Recipe
from localcloud.plugins.fields import Fields, bag, boolean, mapping, string, structure
from localcloud.plugins.resource import PluginError, Resource, Values
from pulumi_plugin.values import UNKNOWN, has_unknown

_NEEDED = ("args", "context", "dockerfile", "platform", "target")


class Image(Resource[None]):
    """A source image: the context's files as they are, and the start commands of its Dockerfile.

    What only a RUN could see changes nothing here and is taken without effect: `addHosts`, `builderVersion`,
    `cacheFrom`, `network`, and the value of an ARG that no ENV, WORKDIR, USER, EXPOSE or LABEL uses.
    """

    token = "docker:index/image:Image"  # noqa: S105 - a Pulumi token
    fields: ClassVar[Fields] = {
        "imageName": string(required=True),
        "build": structure(
            {
                "context": string(),
                "dockerfile": string(),
                "platform": string(),
                "target": string(),
                "args": mapping(),
                "addHosts": bag(),
                "builderVersion": string(),
                "cacheFrom": structure({"images": bag()}),
                "network": string(),
                "contextDigest": string(),  # put in by check: a change of any file is a change of this
            }
        ),
        # A token is new at each run; that alone is no reason to push.
        "registry": structure(
            {"server": string(), "username": string(), "password": string()}, volatile=True, secret=True
        ),
        "skipPush": boolean(default=False),
        "buildOnPreview": boolean(default=False, volatile=True),
    }
    outputs = ("baseImageName", "context", "dockerfile", "platform", "registryServer", "repoDigest")
    moving = frozenset({"baseImageName", "repoDigest"})
    told_once = frozenset(outputs)

    def complete(self, inputs: Values) -> Values:
        """The defaults of a build, and the digest of what it would be made of."""
        build = inputs.get("build") or {}
        if build is UNKNOWN:
            return inputs
        context = build.get("context") or "."
        build = {
            **build,
            "context": context,
            "dockerfile": build.get("dockerfile") or (UNKNOWN if context is UNKNOWN else f"{context}/Dockerfile"),
            "platform": build.get("platform") or f"linux/{_architecture()}",
        }
        if has_unknown({key: build.get(key) for key in _NEEDED}):
            build["contextDigest"] = UNKNOWN
        elif _problem(build) is None:
            build["contextDigest"] = recipe(build).digest
        return {**inputs, "build": build}

    def invalid(self, inputs: Values) -> Mapping[str, str]:
        """A context or a Dockerfile that cannot be built."""
        build = inputs.get("build")
        if build is UNKNOWN or build is None or has_unknown({key: build.get(key) for key in _NEEDED}):
            return {}
        problem = _problem(build)
        return dict([problem]) if problem else {}

    def create(self, cloud: None, inputs: Values) -> tuple[str, Values]:
        """Build and push; an image that is there already is not sent again."""
        build, server = inputs["build"], (inputs.get("registry") or {}).get("server")
        image = recipe(build).image()
        told: Values = {
            "baseImageName": inputs["imageName"],
            "context": build["context"],
            "dockerfile": build["dockerfile"],
            "platform": build["platform"],
            "registryServer": server,
        }
        if not inputs["skipPush"]:
            reference = reference_of(inputs["imageName"])
            Registry.of(reference, inputs.get("registry") or {}).push(reference.repository, reference.tag, image)
            told["repoDigest"] = f"{reference.name}@{image.digest}"
        return inputs["imageName"], told

    def read(self, cloud: None, resource_id: str, inputs: Values) -> Values | None:
        """What was pushed is named by its digest and cannot change."""
        if not inputs:
            raise PluginError("an image cannot be imported: declare it, and the next run builds it")
        return {}

    def update(self, cloud: None, resource_id: str, inputs: Values, changed: Set[str]) -> Values:
        """Other files are another image."""
        return self.create(cloud, inputs)[1]

    def delete(self, cloud: None, resource_id: str, state: Values) -> None:
        """What was pushed stays: something may still run it, as with the real plugin."""


def recipe(build: Values) -> Recipe:
    """What an image is made of."""
    return Recipe.load(
        context=Path(build["context"]),
        dockerfile=Path(build["dockerfile"]),
        platform=build["platform"],
        target=build.get("target"),
        arguments=build.get("args") or {},
    )


def _problem(build: Values) -> tuple[str, str] | None:
    context, dockerfile = Path(build["context"]), Path(build["dockerfile"])
    if not context.is_dir():
        return "build.context", f"no such folder: {context} (from {Path.cwd()})"
    if not dockerfile.is_file():
        return "build.dockerfile", f"no such file: {dockerfile} (from {Path.cwd()})"
    if not str(build["platform"]).startswith("linux/"):
        return "build.platform", f"only linux platforms can be built, not {build['platform']}"
    try:
        recipe(build)
    except DockerfileError as error:
        return f"build.{error.about}", str(error)
    return None


def _architecture() -> str:
    return {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
