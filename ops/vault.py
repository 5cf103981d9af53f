"""The vault of one environment: secrets of one's own in AWS Secrets Manager, each a secret there (docs/adr/0027)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from console.errors import ExplainedError
from infra import names
from infra.config import Stack
from infra.errors import missing_secrets
from ops.account import require_account
from ops.bootstrap import Connect, clients
from ops.cloud import Cloud


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
        looked = [self.entry(name) for name in sorted(there | set(self._stack.secrets))]
        return [one for one in looked if one.declared or one.is_set]

    def entry(self, name: str) -> Entry:
        """One of them."""
        with self._telling("look into"):
            found = self._described(name)
        has_value = any("AWSCURRENT" in stages for stages in found.get("VersionIdsToStages", {}).values())
        changed = found["LastChangedDate"] if has_value and not found.get("DeletedDate") else None
        return Entry(name, name in self._stack.secrets, changed)

    def require(self) -> None:
        """Refuse to go on while one that is declared is not set: all of them at once."""
        if missing := [name for name in self._stack.secrets if not self.entry(name).is_set]:
            raise missing_secrets(missing, stack=self._stack.environment)

    def put(self, name: str, value: str) -> None:
        """Set it, whether it is new, there already, or on its way out."""
        with self._telling("write to", hidden=value):
            found = self._described(name)
            if not found and self._created(name, value):
                return
            if found.get("DeletedDate"):
                self._manager.restore_secret(SecretId=self.place(name))
            self._manager.put_secret_value(SecretId=self.place(name), SecretString=value)

    def remove(self, name: str) -> None:
        """Take it out; for some days AWS can bring it back."""
        with self._telling("write to"):
            self._manager.delete_secret(SecretId=self.place(name), RecoveryWindowInDays=self.kept_days)

    def place(self, name: str = "") -> str:
        """Its name there."""
        return names.own_secret(self._stack.environment, name)

    def _described(self, name: str) -> dict[str, Any]:
        from botocore.exceptions import ClientError

        try:
            found: dict[str, Any] = self._manager.describe_secret(SecretId=self.place(name))
        except ClientError as error:
            if _code(error) != "ResourceNotFoundException":
                raise
            return {}
        return found

    def _created(self, name: str, value: str) -> bool:
        """Whether it was new: somebody else may have made it a moment ago."""
        from botocore.exceptions import ClientError

        key = self._key()
        tags = names.tags(self._stack.environment) | {"ManagedBy": "slipway secret"}
        try:
            self._manager.create_secret(
                Name=self.place(name),
                Description=f"{name} of {names.stem(self._stack.environment)}",
                KmsKeyId=key,
                SecretString=value,
                Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
            )
        except ClientError as error:
            if _code(error) != "ResourceExistsException":
                raise
            return False
        return True

    def _key(self) -> str:
        """The account's: there before an environment's first `up`, and after dev was destroyed."""
        from botocore.exceptions import ClientError

        try:
            self._kms.describe_key(KeyId=names.state_key_alias())
        except ClientError as error:
            if _code(error) != "NotFoundException":
                raise
            raise ExplainedError(
                f"cannot keep a secret: {self._stack.aws.account} has no KMS key {names.state_key_alias()} yet",
                hint="./slipway bootstrap --yes",
            ) from error
        return names.state_key_alias()

    @contextmanager
    def _telling(self, what: str, *, hidden: str = "") -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (BotoCoreError, ClientError) as error:
            why = str(error).replace(hidden, "…") if hidden else str(error)
            raise ExplainedError(
                f"cannot {what} the vault of {self._stack.environment}: {why}",
                hint="once that is mended, run the same command again",
            ) from error


def unlock(target: Cloud, stack: Stack, connect: Connect = clients) -> Vault:
    """The vault of that environment, in no other account than its stack file names."""
    client = connect(target, stack.aws.region)
    require_account(client("sts"), stack.aws.account)
    return Vault(stack, client("secretsmanager"), client("kms"))


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
