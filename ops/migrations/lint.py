"""Lints new migrations: what each would do to the release before, less what was reviewed and accepted beside it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ops.doors.squawk import Complaint
from ops.migrations.findings import Finding, Schema, find, text
from ops.migrations.rules import LEFT_OUT, OURS, REHEARSED, RULES, SQUAWK, TASTE

LEAST_REASON = 10  # characters: `ok` is none
Complaints = Callable[..., list[Complaint]]


class Asked(Protocol):
    """The application's Django."""

    def ask(self, question: str, database: str = "", **about: Any) -> Any:
        """What it answers."""

    def models_differ(self, database: str) -> str:
        """What no migration brings about."""


@dataclass(frozen=True)
class Accepted:
    """An exception beside a migration that was made use of."""

    finding: Finding
    reason: str


@dataclass(frozen=True)
class Linted:
    """One migration, and what is said of it.

    `loses` are the statements that drop data when it is reversed; `after` the migrations that a release must have to
    live with it, because only from then on it does not use what is dropped.
    """

    key: str
    file: str
    reversible: bool
    loses: tuple[str, ...]
    findings: tuple[Finding, ...]
    accepted: tuple[Accepted, ...]
    after: tuple[str, ...] = ()

    @property
    def compatible(self) -> bool:
        """Whether the release before lives with it."""
        return not any(finding.breaks for finding in self.findings)


@dataclass(frozen=True)
class Report:
    """Of all that are new, in the order in which they are applied."""

    migrations: tuple[Linted, ...]
    drift: tuple[Finding, ...] = ()
    """What is wrong besides: models that differ, and released ones that are not as they were."""
    released: tuple[Accepted, ...] = ()
    """Of the latter, what somebody has accepted."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that nobody has accepted."""
        return (*(finding for one in self.migrations for finding in one.findings), *self.drift)

    @property
    def accepted(self) -> tuple[Accepted, ...]:
        """All that somebody has."""
        return (*(accepted for one in self.migrations for accepted in one.accepted), *self.released)


def key(described: Mapping[str, Any]) -> str:
    """How a migration is called everywhere: `app.name`."""
    return f"{described['app']}.{described['name']}"


def lint(
    django: Asked,
    database: str,
    described: Sequence[Mapping[str, Any]],
    new: Collection[str],
    *,
    version: str,
    complaints: Complaints,
    one_by_one: bool = False,
) -> Report:
    """Apply what was there to an empty database, then look at each new migration and apply it, too.

    The release before is one that has none of the new ones; `one_by_one` it is, for each, one that has all before it.
    """
    by_key = {key(one): one for one in described}
    answer = django.ask("statements", database, new=sorted(new))
    told = [one | {"atomic": by_key[key(one)]["atomic"]} for one in answer]
    said: dict[str, list[Complaint]] = {}
    for atomic in (True, False):
        texts = {key(one): text(one) for one in told if one["atomic"] == atomic}
        for one in complaints(texts, version=version, in_transaction=atomic, without=LEFT_OUT):
            said.setdefault(one.text, []).append(one)
    known = set(by_key) if one_by_one else set(by_key) - set(new)
    created: set[str] = set()
    linted = []
    for one in told:
        gone = {(table, column): since for table, column, since in one["gone"]}
        schema = Schema(gone, known, set() if one_by_one else created)
        linted.append(_linted(by_key[key(one)], one, said.get(key(one), []), schema))
    return Report(tuple(linted))


def drift(django: Asked, database: str, report: Report) -> Report:
    """The same with what the models say and no migration brings about; where one fails, that is not known."""
    said = "" if any(finding.rule == "fails" for finding in report.findings) else django.models_differ(database)
    found = (Finding("", said, "models-differ", ("makemigrations --check",)),) if said else ()
    return Report(report.migrations, found)


def _linted(
    described: Mapping[str, Any], told: Mapping[str, Any], complaints: Sequence[Complaint], schema: Schema
) -> Linted:
    known = [one | {"linted": [code for code in one["linted"] if code not in TASTE]} for one in told["operations"]]
    found = find(key(described), dict(told) | {"operations": known}, complaints, schema)
    left, accepted = sort_out(key(described), found, described["accepted"])
    loses = tuple(one for operation in told["operations"] for one in operation["back"] if _loses(one))
    return Linted(
        key(described),
        described["file"],
        described["reversible"],
        loses,
        tuple(left),
        tuple(accepted),
        tuple(sorted(schema.after)),
    )


def _loses(statement: str) -> bool:
    said = statement.upper()
    return any(words in said for words in ("DROP TABLE", "DROP COLUMN", "TRUNCATE", "DELETE FROM"))


def sort_out(
    migration: str, found: Sequence[Finding], overrides: Mapping[str, str]
) -> tuple[list[Finding], list[Accepted]]:
    """What is left and what is accepted; an exception that is none is a finding itself."""
    left = [finding for finding in found if len(overrides.get(finding.rule, "").strip()) < LEAST_REASON]
    accepted = [Accepted(finding, overrides[finding.rule].strip()) for finding in found if finding not in left]
    raised = {finding.rule for finding in found}
    for rule, reason in overrides.items():
        wrong = (
            "override-unknown" if rule not in RULES | REHEARSED and not rule.startswith(f"{SQUAWK}:")
            else "override-without-reason" if len(reason.strip()) < LEAST_REASON
            else "override-unused" if rule not in raised and rule not in REHEARSED
            else ""
        )  # fmt: skip
        if wrong:
            left.append(Finding(migration, f'ACCEPTED["{rule}"]', wrong, (OURS,)))
    return left, accepted
