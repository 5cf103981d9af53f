"""A small environment that plans can be made of, kept for and carried out in: its keys, its bucket, its checkout."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from console.errors import REFUSED, ExplainedError
from ops.context import Context
from ops.doors.cloud import Cloud
from ops.doors.committed import Commit
from ops.plans.planning import Planning
from ops.releases.passage import Passage
from tests.support.account_fakes import refused
from tests.support.released_fakes import REAL, STAGING, Staging, Stated

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
STEP = {"op": "delete", "urn": "urn:pulumi:staging::cams::aws:s3/bucket:Bucket::media"}


@dataclass
class Keys:
    """KMS: gives a key for data and knows it again, under the same alias and the same words alone."""

    aliases: set[str] = field(default_factory=lambda: {"alias/cams-staging", "alias/cams-state"})

    def generate_data_key(self, **asked: Any) -> dict[str, Any]:
        assert asked.pop("KeySpec") == "AES_256"
        return {"Plaintext": b"k" * 32, "CiphertextBlob": self._blob(**asked)}

    def decrypt(self, CiphertextBlob: bytes, **asked: Any) -> dict[str, Any]:  # noqa: N803 - AWS's own names
        if self._blob(**asked) != CiphertextBlob:
            raise refused("InvalidCiphertextException")
        return {"Plaintext": b"k" * 32}

    def _blob(self, **asked: Any) -> bytes:
        if asked["KeyId"] not in self.aliases:
            raise refused("NotFoundException")
        return json.dumps(asked, sort_keys=True).encode()


@dataclass
class Objects:
    """S3."""

    kept: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def put_object(self, Bucket: str, Key: str, Body: bytes) -> None:  # noqa: N803 - AWS's own names
        self.kept[Bucket, Key] = Body

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803 - AWS's own names
        if (Bucket, Key) not in self.kept:
            raise refused("NoSuchKey")
        return {"Body": BytesIO(self.kept[Bucket, Key])}

    def delete_object(self, Bucket: str, Key: str) -> None:  # noqa: N803 - AWS's own names
        self.kept.pop((Bucket, Key), None)


@dataclass(frozen=True)
class Engine(Stated):
    """Pulumi's side: a preview that saves a plan, an `up` that notes which plan it was held to."""

    plan: bytes = b'{"a plan": "of Pulumi"}'
    held_to: list[bytes | None] = field(default_factory=list)
    number: list[str] = field(default_factory=lambda: ["v3.255.0"])
    code: int = 0
    more: list[dict[str, Any]] = field(default_factory=list)
    """Resources that somebody has made meanwhile."""

    def version(self) -> str:
        return self.number[-1]

    def preview(self, environment: str, *, refresh: bool = False, save: Path | None = None) -> dict[str, Any]:
        if save:
            save.write_bytes(self.plan)
        return {"steps": [STEP]}

    def up(self, environment: str, options: Sequence[str], variables: Mapping[str, str]) -> int:
        named = options[options.index("--plan") + 1] if "--plan" in options else None
        self.held_to.append(Path(named).read_bytes() if named else None)
        return self.code

    def resources(self, environment: str) -> list[dict[str, Any]]:
        return [*super().resources(environment), *self.more]


@dataclass
class Checkout:
    """Git: what is checked out, and what differs from another commit."""

    commit: Commit = field(default_factory=lambda: Commit("c0" * 20, "7e" * 20, NOON))
    changed: list[str] = field(default_factory=list)
    differing: str | None = "infra/stack.py"

    def head(self, checkout: Path) -> Commit:
        return self.commit

    def uncommitted(self, checkout: Path) -> list[str]:
        return self.changed

    def answer(self, checkout: Path, *words: str) -> str | None:
        return self.differing


@dataclass
class Planned(Staging):
    """Staging with all of that."""

    pulumi: Engine = field(default_factory=lambda: Engine(REAL))
    kms: Keys = field(default_factory=Keys)
    s3: Objects = field(default_factory=Objects)
    git: Checkout = field(default_factory=Checkout)

    def context(self) -> Context:
        given = super().context()
        clients = {"sts": self, "ssm": self.ssm, "kms": self.kms, "s3": self.s3}
        git: Any = self.git
        doors = replace(given.doors, aws=lambda *_: clients.__getitem__, committed=git, git_answer=self.git.answer)
        return replace(given, doors=doors)

    def planning(self, now: datetime = NOON) -> Planning:
        context = self.context()
        cloud: Cloud = REAL
        passage = Passage(context, cloud, STAGING, context.doors.aws(cloud, ""), self.wait)
        return Planning(passage, lambda: now)

    def file(self, folder: Path, now: datetime = NOON) -> Path:
        """A plan of what is there."""
        planning = self.planning(now)
        path = folder / "staging.plan"
        path.write_bytes(planning.seal(planning.bound(), self.pulumi.plan))
        return path


HINT = (
    "\n\nhint: nothing was changed; to plan what would change now: ./slipway preview staging --save FILE (or --keep)"
)


def said(error: pytest.ExceptionInfo[ExplainedError]) -> str:
    """Why it is refused."""
    assert error.value.code == REFUSED
    text = str(error.value)
    assert text.startswith("refused: this plan is not carried out in staging: ")
    assert text.endswith(HINT)
    return text.removeprefix("refused: this plan is not carried out in staging: ").removesuffix(HINT)
