"""Pulumi on one side, a registry on the other. An image *is* what the registry has under its tag.

Tags never move, so there is no second truth: a tag that is there is taken with its digest, whoever pushed it, as long
as the image says that it was built of what the tag names; one that is not there is built and pushed. No login is an
input or an output: it is fetched where it is needed.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import grpc

from pulumi_plugin.differences import Difference, DiffKind
from pulumi_plugin.plugin import Call, Failures, Plugin
from pulumi_plugin.values import UNKNOWN, Values, has_unknown
from registry_provider.provider import VERSION, schema
from registry_provider.provider.docker import Build, Docker
from registry_provider.provider.ecr import Ecr, Repository
from registry_provider.provider.errors import RegistryError

IMAGE = "registry:index:Image"
GET_IMAGE = "registry:index:getImage"
NAMES = frozenset({"repository", "registryId", "region", "tag"})  # which image it is
RECIPE = {
    "context": ".",
    "dockerfile": "Dockerfile",
    "platform": "linux/amd64",
}  # how it is built where it is not there


class RegistryProvider(Plugin):
    """One resource and one function."""

    name = "registry"
    version = VERSION

    def __init__(self, log: Callable[..., None], *, ecr: Ecr | None = None, docker: Docker | None = None) -> None:
        self._log = log
        self._ecr = ecr or Ecr()
        self._docker = docker or Docker()

    def configure(self, values: Values) -> None:
        """All that is needed is in the process environment."""

    def schema(self) -> str:
        """What there is, for `pulumi import` and code generation."""
        return json.dumps(schema.document())

    def check(self, call: Call) -> tuple[Values, Failures]:
        """Closed: every input is a text, and all are needed."""
        _known(call.type_)
        failures = [
            (name, "is no property of an image") for name in sorted(call.inputs.keys() - NAMES - RECIPE.keys())
        ]
        for name in sorted(NAMES | RECIPE.keys()):
            value = call.inputs.get(name)
            if value is not UNKNOWN and not (isinstance(value, str) and value):
                failures.append((name, "is required, and a text"))
        return call.marked, failures

    def diff(self, call: Call) -> Difference:
        """Another name is another image; under the same name, what the registry says. Recipes make none differ."""
        changes = {
            name: DiffKind.UPDATE if name in call.old_inputs else DiffKind.ADD
            for name in sorted(NAMES)
            if call.inputs[name] != call.old_inputs.get(name)
        }
        if changes:
            return Difference.of(changes)
        digest = self._digest(call.inputs)
        stale = frozenset({"digest"}) if digest is None or digest != call.state.get("digest") else frozenset[str]()
        return Difference.of(dict.fromkeys(stale, DiffKind.UPDATE), outputs=stale)

    def create(self, call: Call) -> tuple[str, Values]:
        """The image that is there, else a new one."""
        state = self._there(call)
        return ("" if call.preview else name_of(call.inputs)), state

    def read(self, call: Call) -> tuple[str, Values, Values] | None:
        """What the registry has under that name. An import's id is `HOST/REPOSITORY:TAG`."""
        inputs = call.inputs or self._imported(call.id)
        digest = self._digest(inputs) if inputs else None
        return None if digest is None else (call.id, {**inputs, "digest": digest}, inputs)

    def update(self, call: Call) -> Values:
        """As create: what was pushed before stays."""
        return self._there(call)

    def delete(self, call: Call) -> None:
        """The image stays: something may run it, or be rolled back to it."""

    def invoke(self, function: str, args: Values) -> tuple[Values, Failures]:
        """`getImage`: whether a repository has the image of a digest, and where it is pulled from."""
        if function != GET_IMAGE:
            raise RegistryError("registry", f"no function {function}; there is {GET_IMAGE}")
        missing: Failures = [(name, "is required") for name in ("repository", "digest") if not args.get(name)]
        if missing:
            return {}, missing
        repository = Repository(args["repository"], args.get("registryId"), args.get("region"))
        if self._ecr.digest(repository, digest=args["digest"]):
            return {"found": True}, []
        place = self._ecr.find(repository)
        return {"found": False, **({"url": place.url} if place else {})}, []

    def cancel(self) -> None:
        """End what Docker does."""
        self._docker.stop()

    def warm_up(self) -> None:
        """Loaded while the engine starts the program."""
        import botocore.session  # noqa: F401 - loading it is the point

    def explain(self, error: Exception) -> str:
        """Ours as they are; a bug of ours whole."""
        if isinstance(error, RegistryError):
            return str(error)
        if isinstance(error, OSError):  # a full disk, a folder that cannot be read, a `docker` that cannot be started
            return str(RegistryError("cannot build and push the image", f"this machine refused it: {error}"))
        return self.bug(error)

    def code(self, error: Exception) -> grpc.StatusCode:
        """Nothing that fails here leaves anything half-made."""
        return grpc.StatusCode.FAILED_PRECONDITION if isinstance(error, RegistryError) else grpc.StatusCode.INTERNAL

    def _there(self, call: Call) -> Values:
        """The state of an image that is there, pushed first where it has to be."""
        digest = self._digest(call.inputs)
        if digest is None:
            self._require_repository(call.inputs)
        elif digest != call.state.get("digest"):
            self._require_content(call.inputs, digest)
        if digest is None and call.preview:
            self._docker.require()
        elif digest is None:
            digest = self._push(call)
        return {**call.inputs, "digest": digest or UNKNOWN}

    def _push(self, call: Call) -> str:
        name, asked = name_of(call.inputs), call.inputs
        build = Build(name, asked["context"], asked["dockerfile"], asked["platform"], content=asked["tag"])
        login = self._ecr.login(_repository(asked))
        try:
            self._docker.push(build, login, lambda line: self._log(call.urn, line, ephemeral=True))
        except RegistryError:
            # A tag can be pushed once. If somebody else was faster, theirs is the image.
            digest = self._digest(asked)
            if digest is None:
                raise
            self._require_content(asked, digest)
            self._log(call.urn, f"{name} was pushed by somebody else meanwhile: taking {digest}")
            return digest
        digest = self._digest(asked)
        if digest is None:
            raise RegistryError(f"cannot push {name}", "Docker said that it did, and the registry has no such image")
        return digest

    def _require_content(self, inputs: Values, digest: str) -> None:
        """Refuse an image that somebody has pushed under a tag that names other content."""
        said = self._ecr.content(_repository(inputs), inputs["repository"], digest)
        if said == inputs["tag"]:
            return
        name = _repository(inputs).name
        take_away = f"aws ecr batch-delete-image --repository-name {name} --image-ids imageTag={inputs['tag']}"
        raise RegistryError(
            f"refused: {name_of(inputs)} is another image than its tag says",
            f"{digest} {f'was built of {said}' if said else 'does not say what it was built of'}",
            hint=f"find out who pushed it; {take_away} takes the tag away, the next run builds what belongs there",
        )

    def _require_repository(self, inputs: Values) -> None:
        """Say that it was deleted by hand before Docker is refused for it, which cannot say why."""
        if not _unknown(inputs) and self._ecr.find(_repository(inputs)) is None:
            raise RegistryError(
                f"cannot push {name_of(inputs)}",
                "its repository is gone from ECR (NAME_UNKNOWN)",
                hint="pulumi up --refresh sees that, and makes it anew with what was in it of this checkout",
            )

    def _imported(self, key: str) -> Values:
        """The inputs that an id says; none when there is no such repository."""
        url, colon, tag = key.rpartition(":")
        if not colon or "/" in tag or "/" not in url:
            raise RegistryError(f"cannot import {key}", "an image's id is HOST/REPOSITORY:TAG")
        place = self._ecr.find(Repository.at(url))
        if place is None:
            return {}
        return {**RECIPE, "repository": url, "registryId": place.registry_id, "region": place.region, "tag": tag}

    def _digest(self, inputs: Values) -> str | None:
        """None also while it is not known where to look."""
        if _unknown(inputs):
            return None
        return self._ecr.digest(_repository(inputs), tag=inputs["tag"])


def name_of(inputs: Values) -> str:
    """How it is pulled by its tag: the resource's id."""
    return f"{inputs['repository']}:{inputs['tag']}"


def _unknown(inputs: Values) -> bool:
    """Whether it is not known yet where to look."""
    return has_unknown({name: inputs.get(name) for name in NAMES})


def _repository(inputs: Values) -> Repository:
    return Repository(inputs["repository"].partition("/")[2], inputs.get("registryId"), inputs.get("region"))


def _known(type_: str) -> None:
    if type_ != IMAGE:
        raise RegistryError("registry", f"no resource {type_}; there is {IMAGE}")
