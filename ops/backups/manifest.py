"""The manifest of a backup: written last, and so what makes it one (docs/adr/0064)."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from console.errors import ExplainedError

FORMAT = 1
FILE = "manifest.json"
Retention = Literal["daily", "weekly", "monthly"]
RETENTIONS: tuple[Retention, ...] = ("daily", "weekly", "monthly")
Mode = Literal["single", "parts"]
Kind = Literal["archive", "schema", "data"]
ID = r"^\d{8}T\d{6}Z-[0-9a-f]{6}$"
SHA256 = r"^[0-9a-f]{64}$"
UNSIGNED = "0" * 64


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(_Closed):
    """One stored object: sealed (age) and packed (zstd) output of `pg_dump`, in its custom format."""

    name: str
    key: str
    kind: Kind
    size: int = Field(ge=0)
    sha256: str = Field(pattern=SHA256)
    """Of the bytes as they lie in the bucket."""
    plain_size: int = Field(ge=0)
    plain_sha256: str | None = Field(default=None, pattern=SHA256)
    """Of what `pg_dump` wrote, and `pg_restore` reads."""


class Tools(_Closed):
    """What made it."""

    pg_dump: str
    slipway: str


class Manifest(_Closed):
    """All that is to be known of a backup before anything of it is read."""

    format: Literal[2] = 2
    id: str = Field(pattern=ID)
    environment: str
    database: str
    retention: Retention
    started: AwareDatetime
    finished: AwareDatetime
    seconds: float = Field(ge=0)
    server_version: str
    server_version_num: int
    tools: Tools
    encoding: str
    collate: str
    ctype: str
    locale_provider: str
    mode: Mode
    why_mode: str
    parts: tuple[Part, ...] = Field(min_length=1)
    recipients: tuple[str, ...] = Field(min_length=1)
    release: str | None = None
    """The digest of the image that ran when it was made."""
    contents: dict[str, Any]
    """What was in the database in that very snapshot: `ops.backups.contents.Contents`, as JSON."""
    checksum: str = Field(default=UNSIGNED, pattern=SHA256)
    """SHA-256 of the manifest as it is stored, with zeros in this place: a flipped bit anywhere is known."""

    @property
    def key(self) -> str:
        """Where it lies itself."""
        return key(self.retention, self.environment, self.id, FILE)

    @property
    def size(self) -> int:
        """Bytes in the bucket."""
        return sum(part.size for part in self.parts)

    @property
    def plain_size(self) -> int:
        """Bytes that `pg_dump` wrote."""
        return sum(part.plain_size for part in self.parts)

    @property
    def server_major(self) -> int:
        return self.server_version_num // 10_000

    def part(self, name: str) -> Part:
        """The one of that name."""
        return next(part for part in self.parts if part.name == name)

    def stored(self) -> bytes:
        """As the bucket keeps it: for people too, yet with a line a table, for there may be thousands."""
        text = compact(self.model_dump(mode="json") | {"checksum": UNSIGNED}) + "\n"
        return text.replace(UNSIGNED, hashlib.sha256(text.encode()).hexdigest()).encode()


def parse(content: bytes, where: str) -> Manifest:
    """One that was stored; anything else is told with where it lies."""
    try:
        manifest = Manifest.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        why = f"{'/'.join(map(str, first['loc'])) or 'it'}: {first['msg']}"
        raise ExplainedError(f"cannot read the manifest {where}", why, hint="take another backup") from error
    if (
        hashlib.sha256(content.replace(manifest.checksum.encode(), UNSIGNED.encode())).hexdigest()
        != manifest.checksum
    ):
        raise ExplainedError(
            f"cannot read the manifest {where}", "its checksum is not that of its text", hint="take another backup"
        )
    return manifest.model_copy(update={"checksum": UNSIGNED})


def key(retention: str, environment: str, backup: str, name: str) -> str:
    """Of an object of a backup."""
    return f"{retention}/{environment}/{backup}/{name}"


def new_id(now: datetime, token: str) -> str:
    """Sorts by its time; `token` are six hexadecimal digits that tell two of the same second apart."""
    return f"{now:%Y%m%dT%H%M%SZ}-{token}"


def is_id(text: str) -> bool:
    """Whether it is the name of a backup."""
    return re.match(ID, text) is not None


def compact(value: Any, indent: str = "") -> str:
    """JSON of which a line is what fits on it."""
    flat = json.dumps(value)
    if not isinstance(value, dict | list) or not value or len(indent) + len(flat) <= 110:
        return flat
    inner = indent + " "
    if isinstance(value, dict):
        lines = [f"{inner}{json.dumps(name)}: {compact(one, inner)}" for name, one in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    return "[\n" + ",\n".join(f"{inner}{compact(one, inner)}" for one in value) + f"\n{indent}]"
