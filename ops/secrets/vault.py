"""The vault of one environment: secrets of one's own in AWS Secrets Manager, each a secret there (docs/adr/0027)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from console.errors import ExplainedError
from infra.config import Stack
from infra.errors import missing_secrets
from ops.account.at_aws import require_account
from ops.doors import aws
from ops.doors.aws import Clients


@dataclass(frozen=True)
class Entry:
    """What is known of a secret without its value."""

    name: str
    declared: bool
    changed: datetime | None  # when its value was set last; None: nobody has set it

    @property
    def is_set(self) -> bool:
        return self.changed is not None


class Vault:
    """No value is read to be written: two people who set two names at once never meet."""

    def __init__(self, stack: Stack, manager: Any, kms: Any) -> None:
        self._stack, self._manager, self._kms = stack, manager, kms
        self.kept_days = 30 if stack.keeps_data else 7  # that a removed one can be brought back

    def entries(self) -> list[Entry]:
        """All that are declared or there. AWS's list may be minutes old: each is looked at by itself."""
        wanted = [{"Key": "name", "Values": [self.place()]}]
        with self._telling("look into"):
            pages = self._manager.get_paginator("list_secrets").paginate(Filters=wanted)
            listed = [str(one["Name"]) for page in pages for one in page["SecretList"]]
        there = {place.removeprefix(self.place()) for place in listed if place.startswith(self.place())}
        looked = [self.entry(name) for name in sorted(there | set(self._stack.kept_secrets))]
        return [one for one in looked if one.declared or one.is_set]

    def entry(self, name: str) -> Entry:
        """One of them."""
        with self._telling("look into"):
            known = self._described(name)
        has_value = any("AWSCURRENT" in stages for stages in known.get("VersionIdsToStages", {}).values())
        changed = known["LastChangedDate"] if has_value and not known.get("DeletedDate") else None
        return Entry(name, name in self._stack.kept_secrets, changed)

    def require(self) -> None:
        """Refuse to go on while one that is declared is not set: all of them at once."""
        if missing := [name for name in self._stack.kept_secrets if not self.entry(name).is_set]:
            raise missing_secrets(missing, stack=self._stack.environment)

    def versions(self) -> dict[str, str]:
        """Which value each declared one has that is set, as the vault calls it."""
        with self._telling("look into"):
            stages = {name: self._described(name).get("VersionIdsToStages", {}) for name in self._stack.kept_secrets}
        return {name: key for name, known in stages.items() for key, named in known.items() if "AWSCURRENT" in named}

    def put(self, name: str, value: str) -> None:
        """Set it, whether it is new, there already, or on its way out."""
        with self._telling("write to", hidden=value):
            known = self._described(name)
            if not known and self._created(name, value):
                return
            if known.get("DeletedDate"):
                self._manager.restore_secret(SecretId=self.place(name))
            self._manager.put_secret_value(SecretId=self.place(name), SecretString=value)

    def remove(self, name: str) -> None:
        """Take it out; for some days AWS can bring it back."""
        with self._telling("write to"):
            self._manager.delete_secret(SecretId=self.place(name), RecoveryWindowInDays=self.kept_days)

    def place(self, name: str = "") -> str:
        """Its name there."""
        return self._stack.names.own_secret(name)

    def _described(self, name: str) -> dict[str, Any]:
        known = aws.answer(
            lambda: self._manager.describe_secret(SecretId=self.place(name)), unless=("ResourceNotFoundException",)
        )
        return known or {}

    def _created(self, name: str, value: str) -> bool:
        """Whether it was new: somebody else may have made it a moment ago."""
        key = self._key()
        tags = self._stack.names.tags | {"ManagedBy": "slipway secret"}
        made = aws.answer(
            lambda: self._manager.create_secret(
                Name=self.place(name),
                Description=f"{name} of {self._stack.names.stem}",
                KmsKeyId=key,
                SecretString=value,
                Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
            ),
            unless=("ResourceExistsException",),
        )
        return made is not None

    def _key(self) -> str:
        """The account's: there before an environment's first `up`, and after dev was destroyed."""
        alias = self._stack.names.state_key_alias
        if aws.answer(lambda: self._kms.describe_key(KeyId=alias), unless=("NotFoundException",)) is None:
            raise ExplainedError(
                "cannot keep a secret",
                f"{self._stack.aws.account} has no KMS key {alias} yet",
                hint="./slipway bootstrap --yes",
            )
        return alias

    def _telling(self, what: str, *, hidden: str = "") -> AbstractContextManager[None]:
        place = f"the vault of {self._stack.environment}"
        return aws.told(
            f"cannot {what} {place}", hint="once that is mended, run the same command again", hidden=hidden
        )


def unlock(stack: Stack, clients: Clients) -> Vault:
    """The vault of that environment, in no other account than its stack file names."""
    require_account(clients("sts"), stack.aws.account)
    return Vault(stack, clients("secretsmanager"), clients("kms"))
