"""Builds and promotions with git, Docker, AWS and the registries as plain objects: what they ask, and no more."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from console.output import Output
from infra.load import from_file
from infra.release import Migration
from ops.context import Context, Doors
from ops.doors.cloud import Cloud
from ops.doors.committed import Commit
from ops.doors.git import on_host
from ops.releases.build import Report, build
from registry_api.images import Images
from tests.support.account_fakes import refused
from tests.support.parameter_fakes import Parameters
from tests.support.plain_registry import PlainRegistry, pushed
from tests.support.provenances import KeyPair

MIGRATIONS = (Migration(name="exams.0001_initial", reversible=False),)
TREE = "7e" * 20
PERSON = "arn:aws:iam::123456789012:user/somebody"


def local_cloud(folder: Path) -> Cloud:
    """The local one as a workflow's job has it: an administrator has prepared it, and its Git host has branches."""
    (folder / ".local").mkdir()
    host = str(folder / "host")
    subprocess.run(["git", "init", "--quiet", "--bare", host], check=True)
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    commit = on_host(host, *who, "commit-tree", "-m", "first", "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
    on_host(host, "update-ref", "refs/heads/main", commit)
    return Cloud({"SLIPWAY_ROOT": str(folder)}, is_local=True, git_host=host, as_role=True)


@dataclass
class Git:
    """A checkout with one commit, which is on the branches named."""

    commit: Commit = field(default_factory=lambda: Commit("c0" * 20, TREE, datetime(2026, 11, 26, tzinfo=UTC)))
    changed: tuple[str, ...] = ()
    branches: tuple[str, ...] = ("develop", "staging", "main")

    def head(self, checkout: Path) -> Commit:
        return self.commit

    def uncommitted(self, checkout: Path) -> list[str]:
        return [*self.changed]

    def export(self, checkout: Path, commit: str, folder: str, target: Path) -> Path:
        (target / folder).mkdir()
        (target / folder / "requirements.txt").write_text("django==5.2.1 \\\n    --hash=sha256:00\n")
        (target / folder / "Dockerfile").write_text("FROM python:3.13-slim AS packages\nFROM python:3.13-slim\n")
        return target / folder

    def on_local_branch(self, host: str, branch: str, commit: str) -> bool:
        return branch in self.branches

    def on_branch(self, repository: str, checkout: Path, branch: str, commit: str) -> bool:
        return branch in self.branches


@dataclass
class Keys:
    """KMS: a pair for each alias that was made."""

    pairs: dict[str, KeyPair] = field(default_factory=dict)

    def get_public_key(self, KeyId: str) -> dict[str, bytes]:  # noqa: N803 - AWS's own names
        if KeyId not in self.pairs:
            raise refused("NotFoundException")
        return {"PublicKey": self.pairs[KeyId].public}

    def sign(self, KeyId: str, Message: bytes, MessageType: str, SigningAlgorithm: str) -> dict[str, bytes]:  # noqa: N803 - AWS's own names
        assert (MessageType, SigningAlgorithm, len(Message)) == ("DIGEST", "ECDSA_SHA_256", 32)
        return {"Signature": self.pairs[KeyId].sign_digest(Message)}


class Caller:
    """STS, which knows who asks."""

    def get_caller_identity(self) -> dict[str, str]:
        return {"Arn": PERSON, "Account": "123456789012"}


@dataclass
class World:
    """Everything outside, and how to be asked about it."""

    registry: PlainRegistry
    cloud: Cloud
    git: Git = field(default_factory=Git)
    ssm: Parameters = field(default_factory=Parameters)
    kms: Keys = field(default_factory=Keys)
    built: list[str] = field(default_factory=list)
    before_push: Callable[[Images], Any] | None = None
    """What somebody else does while Docker builds."""
    meanwhile: Callable[[], Any] | None = None
    """What somebody else does between our look at the records and our own."""
    stderr: StringIO = field(default_factory=StringIO)

    def __post_init__(self) -> None:
        for environment in ("dev", "staging", "prod"):
            self.kms.pairs[from_file(environment).names.release_key_alias] = KeyPair()

    @property
    def context(self) -> Context:
        clients: dict[str, Any] = {"ssm": self.ssm, "sts": Caller(), "kms": self.kms}
        doors = Doors(
            choose=lambda **_: self.cloud,
            aws=lambda cloud, region: clients.__getitem__,
            images=lambda name, **_: self.registry.images(name),
            images_at=self._images_at,
            build=self._build,
            committed=self.git,
            has_identity=lambda: False,
        )
        return Context(doors, Output(StringIO(), self.stderr))

    def build(self, environment: str, *, test_run: str = "") -> Report:
        """A build of an application with one migration."""
        return build(self.context, environment, test_run=test_run, migrations=lambda context: MIGRATIONS)

    def _images_at(self, name: str, **_: Any) -> Images:
        if self.meanwhile:
            self.meanwhile()
        return self.registry.images(name)

    def _build(self, url: str, tag: str, *, context: Path, **_: Any) -> str:
        assert (context / "Dockerfile").is_file()
        self.built.append(tag)
        images = self.registry.images(url.partition("/")[2])
        if self.before_push:
            self.before_push(images)
        return pushed(images, b"layer", tag).digest
