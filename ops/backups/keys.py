"""Keys of backups: the environment's own in the vault, and recovery keys that people hold outside (docs/adr/0065)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console.errors import REFUSED, ExplainedError
from infra.config import Stack
from ops.doors import aws
from ops.doors.aws import Clients

OPERATIONAL, RECOVERY = "operational", "recovery"


@dataclass(frozen=True)
class Key:
    """What opens backups; its identities stay out of every text."""

    kind: str
    where: str
    identities: tuple[Any, ...]

    def __repr__(self) -> str:
        return f"Key({self.kind}, {self.where})"

    @property
    def recipients(self) -> tuple[str, ...]:
        """Whom something was sealed for that it opens."""
        return tuple(str(one.to_public()) for one in self.identities)


def generate() -> tuple[str, str]:
    """A new identity, and its recipient."""
    from pyrage import x25519

    made = x25519.Identity.generate()
    return str(made), str(made.to_public())


def recipient(identity: str) -> str:
    """Whom to seal for, so that this identity opens it: it is no secret."""
    from pyrage import x25519

    return str(x25519.Identity.from_str(identity).to_public())


def key(stack: Stack, clients: Clients, file: Path | None = None) -> Key:
    """The one in that file, else the environment's own."""
    if file:
        return Key(RECOVERY, str(file), _parsed(_read(file), str(file)))
    where = f"the vault of {stack.environment}"
    return Key(OPERATIONAL, where, _parsed([operational(stack, clients)], where))


def operational(stack: Stack, clients: Clients) -> str:
    """The identity of the environment's own key, which the role of backups may not read."""
    name = stack.names.backup_key
    with aws.told(f"cannot read the backup key of {stack.environment}", hint="--key FILE names a recovery key"):
        found = aws.answer(
            lambda: clients("secretsmanager").get_secret_value(SecretId=name), unless=("ResourceNotFoundException",)
        )
    if not found:
        raise ExplainedError(
            f"{stack.environment} has no backup key yet",
            f"there is no secret {name}",
            hint=f"./slipway up {stack.environment}",
        )
    return str(found["SecretString"]).strip()


def write(path: Path, identity: str, named: str) -> None:
    """Into a new file that is its owner's alone."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise ExplainedError(f"refused to write {path}", "it is there already", code=REFUSED) from error
    with os.fdopen(file, "w") as target:
        target.write(f"# {named}\n# recipient: {recipient(identity)}\n{identity}\n")


def _read(file: Path) -> list[str]:
    lines = (line.strip() for line in file.read_text(errors="replace").splitlines())
    found = [line for line in lines if line and not line.startswith("#")]
    if not found:
        raise ExplainedError(f"cannot use {file}", "it holds no age identity (AGE-SECRET-KEY-1…)")
    return found


def _parsed(secrets: Sequence[str], where: str) -> tuple[Any, ...]:
    from pyrage import IdentityError, x25519

    try:
        return tuple(x25519.Identity.from_str(one) for one in secrets)
    except (IdentityError, ValueError):
        raise ExplainedError(f"cannot use {where}", "it holds no age identity (AGE-SECRET-KEY-1…)") from None
