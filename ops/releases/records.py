"""The release records of one environment: a parameter in SSM whose versions are the history (docs/adr/0048)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from console.errors import REFUSED, ExplainedError
from infra.config import Stack
from infra.release import Migration, Release, ReleaseError, parse
from ops.account.at_aws import require_account
from ops.doors import aws
from ops.doors.aws import Clients
from ops.releases.parameter import ABSENT, THERE, written

SKEW = timedelta(minutes=10)
"""Between the clocks of two machines."""
PASSED = "passed"
"""SSM's label of the newest version that has passed the environment's gate: what the next one promotes."""
UNLABELLED = ("ParameterVersionNotFound",)
OF_THE_RECORD = {"event", "by", "at", "source"}
"""What a record says of itself, and not of what it releases."""


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
    passed: bool = False
    """Whether it is the newest one that has passed the gate."""


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

    def passed(self) -> Release | None:
        """The newest one that has run in the environment and passed its gate."""
        with aws.told(f"cannot read what has passed the gate of {self._stack.environment}"):
            labelled = f"{self._name}:{PASSED}"
            found = aws.answer(lambda: self._ssm.get_parameter(Name=labelled), unless=(*ABSENT, *UNLABELLED))
        return self._parsed(found["Parameter"]["Value"]) if found else None

    def has_passed(self, digest: str) -> None:
        """Note that the release of that image runs and has passed the gate; nothing where no record names it."""
        entry = next((one for one in self.history() if one.release and one.release.digest == digest), None)
        if entry is None or entry.passed:
            return
        with aws.told(f"cannot note what has passed the gate of {self._stack.environment}"):
            self._ssm.label_parameter_version(Name=self._name, ParameterVersion=entry.number, Labels=[PASSED])

    def history(self) -> list[Entry]:
        """Newest first. SSM keeps a hundred."""
        with aws.told(f"cannot read the releases of {self._stack.environment}"):
            pages = self._ssm.get_paginator("get_parameter_history").paginate(Name=self._name)
            found = aws.answer(lambda: [one for page in pages for one in page["Parameters"]], unless=ABSENT)
        return sorted(map(self._entry, found or []), key=lambda entry: -entry.number)

    def newest(self) -> int:
        """The number of the newest one, which whoever is to write the next has seen."""
        return max((entry.number for entry in self.history()), default=0)

    def add(self, release: Release, *, after: int) -> None:
        """Make it what is to run, unless it is already, or somebody has recorded another after that number."""
        entries = self.history()
        newest = entries[0] if entries else None
        if (newest.number if newest else 0) != after:
            raise self._late()
        known = newest.release.model_dump(exclude=OF_THE_RECORD) if newest and newest.release else None
        if known == release.model_dump(exclude=OF_THE_RECORD):
            return
        if later := overtaken(release, entries):
            raise ExplainedError(
                f"refused: the clock of this machine says {release.at:%Y-%m-%d %H:%M UTC}",
                f"number {later.number} of the releases of {self._stack.environment} is of a later time",
                hint="set the clock, and run the same command again",
                code=REFUSED,
            )
        number = self.put(release)
        if number != after + 1:  # both have looked before either wrote: the first one's stands
            between = [entry.release for entry in self.history() if after < entry.number < number and entry.release]
            if between:
                self.put(between[-1])
            raise self._late()

    def _late(self) -> ExplainedError:
        environment = self._stack.environment
        return ExplainedError(
            f"refused: another release of {environment} was recorded meanwhile",
            "two at once would not know of each other's image",
            hint=f"./slipway release list {environment}, and run the same command again",
            code=REFUSED,
        )

    def put(self, release: Release) -> int:
        """Make it what is to run; returns its number in the history."""
        with aws.told(f"cannot write the release of {self._stack.environment}"):
            try:
                record = {"Name": self._name, "Value": written(release.stored()), "Type": "String"}
            except ReleaseError as error:
                raise ExplainedError(str(error)) from error
            tags = [{"Key": key, "Value": value} for key, value in self._stack.names.tags.items()]
            # AWS takes tags only with what is new.
            made = aws.answer(lambda: self._ssm.put_parameter(**record, Tags=tags), unless=THERE)
            made = made or self._ssm.put_parameter(**record, Overwrite=True)
        return int(made["Version"])

    def _entry(self, version: dict[str, Any]) -> Entry:
        known = (int(version["Version"]), version["LastModifiedDate"], str(version.get("LastModifiedUser", "")))
        passed = PASSED in version.get("Labels", ())
        try:
            return Entry(*known, parse(version["Value"], parameter=self._name), passed=passed)
        except ReleaseError as error:
            return Entry(*known, None, str(error).partition("\n")[0], passed)

    def _parsed(self, record: str) -> Release:
        try:
            return parse(record, parameter=self._name)
        except ReleaseError as error:
            raise ExplainedError(str(error)) from error


def of(stack: Stack, clients: Clients) -> Records:
    """Those of that environment, in no other account than its stack file names."""
    require_account(clients("sts"), stack.aws.account)
    return Records(stack, clients("ssm"))


def overtaken(release: Release, older: Sequence[Entry]) -> Entry | None:
    """One that was written before this one, and says to be of a later time; newest first, as a history is.

    What a machine whose clock is ahead has written says nothing: AWS has seen it earlier.
    """
    if release.at is None:
        return None
    times = [(entry, entry.release.at) for entry in older if entry.release and entry.release.at]
    return next((entry for entry, at in times if release.at < at <= entry.written + SKEW), None)


def crossed(current: Release | None, target: Release | None) -> list[Migration]:
    """The migrations on the way back from one to the other of which nobody says that the target can live with them.

    The target does not know them, and the database has them. Nothing where a record says nothing of migrations.
    """
    if not (current and target and current.migrations and target.migrations):
        return []
    known = {migration.name for migration in target.migrations}
    return [one for one in current.migrations if one.name not in known and one.reversible is not True]
