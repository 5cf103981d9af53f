"""The release records of one environment: a parameter in SSM whose versions are the history (docs/adr/0048)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from console.errors import ExplainedError
from infra.config import Stack
from infra.release import Migration, Release, ReleaseError, parse
from ops.account.at_aws import require_account
from ops.doors import aws
from ops.doors.aws import Clients
from ops.releases.parameter import ABSENT, THERE


@dataclass(frozen=True)
class Entry:
    """One record of the history."""

    number: int
    """SSM's version of the parameter: what `rollback --to N` names."""
    written: datetime
    writer: str
    """Whom AWS saw writing it, as an ARN."""
    release: Release | None
    """None where it cannot be read."""
    wrong: str = ""
    """Why it cannot be read."""


class Records:
    """Read and written with what AWS refuses told in one piece."""

    def __init__(self, stack: Stack, ssm: Any) -> None:
        self._stack, self._ssm = stack, ssm
        self._name = stack.names.release

    def current(self) -> Release | None:
        """What is to run; None: nothing was released yet, and it is what the checkout holds."""
        with aws.told(f"cannot read the release of {self._stack.environment}"):
            found = aws.answer(lambda: self._ssm.get_parameter(Name=self._name), unless=ABSENT)
        return self._parsed(found["Parameter"]["Value"]) if found else None

    def history(self) -> list[Entry]:
        """Newest first. SSM keeps a hundred."""
        with aws.told(f"cannot read the releases of {self._stack.environment}"):
            pages = self._ssm.get_paginator("get_parameter_history").paginate(Name=self._name)
            found = aws.answer(lambda: [one for page in pages for one in page["Parameters"]], unless=ABSENT)
        return sorted(map(self._entry, found or []), key=lambda entry: -entry.number)

    def put(self, release: Release) -> int:
        """Make it what is to run; returns its number in the history."""
        with aws.told(f"cannot write the release of {self._stack.environment}"):
            try:
                record = {"Name": self._name, "Value": release.stored(), "Type": "String"}
            except ReleaseError as error:
                raise ExplainedError(str(error)) from error
            tags = [{"Key": key, "Value": value} for key, value in self._stack.names.tags.items()]
            # AWS takes tags only with what is new.
            made = aws.answer(lambda: self._ssm.put_parameter(**record, Tags=tags), unless=THERE)
            made = made or self._ssm.put_parameter(**record, Overwrite=True)
        return int(made["Version"])

    def _entry(self, version: dict[str, Any]) -> Entry:
        known = (int(version["Version"]), version["LastModifiedDate"], str(version.get("LastModifiedUser", "")))
        try:
            return Entry(*known, parse(version["Value"], parameter=self._name))
        except ReleaseError as error:
            return Entry(*known, None, str(error).partition("\n")[0])

    def _parsed(self, record: str) -> Release:
        try:
            return parse(record, parameter=self._name)
        except ReleaseError as error:
            raise ExplainedError(str(error)) from error


def of(stack: Stack, clients: Clients) -> Records:
    """Those of that environment, in no other account than its stack file names."""
    require_account(clients("sts"), stack.aws.account)
    return Records(stack, clients("ssm"))


def crossed(current: Release | None, target: Release | None) -> list[Migration]:
    """The migrations on the way back from one to the other of which nobody says that the target can live with them.

    The target does not know them, and the database has them. Nothing where a record says nothing of migrations.
    """
    if not (current and target and current.migrations and target.migrations):
        return []
    known = {migration.name for migration in target.migrations}
    return [one for one in current.migrations if one.name not in known and one.reversible is not True]
