"""A plugin for images whose ECR and Docker are made up, and one image as the engine keeps it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pulumi_plugin.plugin import Call
from pulumi_plugin.values import Values
from registry_provider.provider.docker import Build, Docker
from registry_provider.provider.ecr import Ecr, Location, Repository
from registry_provider.provider.provider import RegistryProvider

URL = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/cams-staging"
URN = "urn:pulumi:staging::cams::cams:index:Image$registry:index:Image::image"
OURS, THEIRS = "sha256:" + "0a" * 32, "sha256:" + "0b" * 32
INPUTS = {
    "repository": URL,
    "registryId": "111122223333",
    "region": "eu-central-1",
    "tag": "src-0123456789ab",
    "context": "../app",
    "dockerfile": "../app/Dockerfile",
    "platform": "linux/amd64",
}
CANARY = "canary-of-the-login"


@dataclass
class FakeEcr(Ecr):
    """One repository; what is asked of it is counted."""

    images: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    exists: bool = True
    contents: dict[str, str] = field(default_factory=dict)
    """What an image says that it was built of, by its digest; without an entry, of what every tag of it names."""

    def digest(self, repository: Repository, *, tag: str = "", digest: str = "") -> str | None:
        assert repository == Repository("cams-staging", "111122223333", "eu-central-1")
        self.asked.append(tag or digest)
        return self.images.get(tag) if tag else digest if digest in self.images.values() else None

    def content(self, repository: Repository, url: str, digest: str) -> str:
        assert url == URL
        self.asked.append(f"content of {digest}")
        if digest in self.contents:
            return self.contents[digest]
        return next(tag for tag, held in self.images.items() if held == digest)

    def find(self, repository: Repository) -> Location | None:
        return Location(URL, "111122223333", "eu-central-1") if self.exists else None

    def login(self, repository: Repository) -> str:
        self.asked.append("login")
        return base64.b64encode(f"AWS:{CANARY}".encode()).decode()


class FakeDocker(Docker):
    """What is pushed has our digest. `then` is what happens instead."""

    def __init__(self, ecr: FakeEcr) -> None:
        super().__init__()
        self.ecr, self.built = ecr, list[Build]()
        self.then: Callable[[str], None] = lambda tag: self.ecr.images.update({tag: OURS})

    def require(self) -> None:
        """It is here."""

    def push(self, build: Build, login: str, tell: Callable[[str], None]) -> None:
        self.built.append(build)
        self.then(build.name.rpartition(":")[2])


class Image:
    """One image in the engine's state."""

    def __init__(self, **images: str) -> None:
        self.ecr = FakeEcr({tag.replace("_", "-"): digest for tag, digest in images.items()})
        self.docker, self.said = FakeDocker(self.ecr), list[str]()
        self.plugin = RegistryProvider(
            lambda urn, line, **_: self.said.append(line), ecr=self.ecr, docker=self.docker
        )
        self.state: Values = {}
        self.inputs: Values = {}

    def call(self, preview: bool = False, **changed: Any) -> Call:
        inputs = {**INPUTS, **changed}
        return Call(
            URN, "id", inputs=inputs, marked=inputs, old_inputs=self.inputs, state=self.state, preview=preview
        )

    def create(self) -> str:
        key, self.state = self.plugin.create(self.call())
        self.inputs = INPUTS
        return key
