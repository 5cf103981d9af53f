"""What is wrong with the statements of one migration: both tools' words under one name, less what cannot apply."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ops.doors.squawk import Complaint
from ops.migrations.rules import LINTER, OF_LINTER, OF_SQUAWK, OURS, RULES, SQUAWK

NAME = r'(?:"[^"]+"\.)?"?(?P<{0}>[^\s"(;]+)"?'
TABLE = re.compile(
    r"^\s*(?:ALTER TABLE|DROP TABLE|TRUNCATE(?: TABLE)?|UPDATE|DELETE FROM|INSERT INTO|LOCK TABLE"
    r"|CREATE (?:UNIQUE )?INDEX .*? ON)\s+(?:IF EXISTS\s+)?(?:ONLY\s+)?" + NAME.format("table"),
    re.IGNORECASE | re.DOTALL,
)
CREATED = re.compile(r"^\s*CREATE TABLE\s+(?:IF NOT EXISTS\s+)?" + NAME.format("table"), re.IGNORECASE)
DROPPED = re.compile(r"DROP (?:COLUMN )(?:IF EXISTS\s+)?" + NAME.format("column"), re.IGNORECASE)
CHECK = re.compile(r"\bADD CONSTRAINT\b.*\b(?:CHECK|EXCLUDE)\b", re.IGNORECASE | re.DOTALL)
NOT_FOR_NEW_TABLES = set(OF_LINTER.values()) - {"irreversible", "model-import"}
OF_CODE = {"irreversible", "model-import"}


@dataclass(frozen=True)
class Finding:
    """One rule that one operation of a migration does not keep to."""

    migration: str
    operation: str
    rule: str
    by: tuple[str, ...]
    statement: str = ""
    said: str = ""

    @property
    def breaks(self) -> bool:
        """Whether the release before does not live with it; what only a tool knows counts as that."""
        return RULES[self.rule].breaks if self.rule in RULES else True

    @property
    def why(self) -> str:
        """For people."""
        return RULES[self.rule].why if self.rule in RULES else self.said

    @property
    def way(self) -> str:
        """What to do instead."""
        return RULES[self.rule].way if self.rule in RULES else "see https://squawkhq.com/docs/rules"


@dataclass
class Schema:
    """What the code before knows of the database when a migration begins.

    `gone` are columns (and tables, their column is empty) that a model had, with the migration that took them out;
    `known` the migrations that the release before has; `created` tables that it does not have yet. What it has given
    up breaks nothing; `after` are the migrations that this was found by.
    """

    gone: Mapping[tuple[str, str], str]
    known: Collection[str]
    created: set[str] = field(default_factory=set)
    after: set[str] = field(default_factory=set)

    def given_up(self, table: str, column: str = "") -> bool:
        """Whether the code before uses it no more."""
        since = self.gone.get((table, column), "")
        if since not in self.known:
            return False
        self.after.add(since)
        return True


def find(migration: str, told: Mapping[str, Any], complaints: Sequence[Complaint], schema: Schema) -> list[Finding]:
    """Those of a migration; what it creates is new to all that follow."""
    found: list[Finding] = []
    starts, line = [], 0
    for operation in told["operations"]:
        starts.append(line)
        line += sum(statement.count("\n") + 1 for statement in operation["sql"])
    for number, operation in enumerate(told["operations"]):
        for statement in operation["sql"]:
            if created := CREATED.match(statement):
                schema.created.add(created["table"].rpartition(".")[2])
        end = starts[number + 1] if number + 1 < len(starts) else line
        own = [one for one in complaints if starts[number] <= one.line < end]
        found += _of_operation(migration, operation, own, starts[number], schema)
    if told["error"]:
        found.append(Finding(migration, told["error"], "fails", (OURS,)))
    return found + list(_data_with_schema(migration, told, schema))


def text(told: Mapping[str, Any]) -> str:
    """All its statements, in the lines that complaints count."""
    return "".join(f"{statement}\n" for operation in told["operations"] for statement in operation["sql"])


def table_of(statement: str) -> str:
    """The one that it changes; none where it names none."""
    named = TABLE.match(statement)
    return named["table"].rpartition(".")[2] if named else ""


def _of_operation(
    migration: str, operation: Mapping[str, Any], complaints: Sequence[Complaint], start: int, schema: Schema
) -> list[Finding]:
    statements: list[str] = operation["sql"]
    lines = [(one, number) for one in statements for number in range(one.count("\n") + 1)]
    raised: dict[tuple[str, str], set[str]] = {}
    said: dict[str, str] = {}
    for one in complaints:
        statement = lines[one.line - start][0]
        rule = OF_SQUAWK.get(one.rule, f"{SQUAWK}:{one.rule}")
        said[rule] = f"{one.message} {one.help}".strip()
        raised.setdefault((rule, statement), set()).add(SQUAWK)
    for code in operation["linted"]:
        rule = OF_LINTER.get(code, f"{LINTER}:{code}")
        where = [statement for known, statement in raised if known == rule]
        for statement in where or [_first(rule, statements, schema)]:
            raised.setdefault((rule, statement), set()).add(LINTER)
    for statement in statements:
        if CHECK.search(statement):
            raised.setdefault(("add-check", statement), set()).add(OURS)
    kept = {key: by for key, by in raised.items() if _applies(*key, operation, raised, schema)}
    together: dict[str, tuple[set[str], str]] = {}
    for (rule, statement), by in kept.items():
        together.setdefault(rule, (set(), statement))[0].update(by)
    return [
        Finding(migration, operation["text"], rule, tuple(sorted(by)), statement, said.get(rule, ""))
        for rule, (by, statement) in sorted(together.items())
    ]


def _first(rule: str, statements: Sequence[str], schema: Schema) -> str:
    """The statement that a code of a whole operation can be about: the first at a table that is not new."""
    old = [one for one in statements if table_of(one) not in schema.created and not CREATED.match(one)]
    return "" if rule in OF_CODE or not statements else (old or statements)[0]


def _applies(
    rule: str,
    statement: str,
    operation: Mapping[str, Any],
    raised: Collection[tuple[str, str]],
    schema: Schema,
) -> bool:
    table = table_of(statement)
    if rule in OF_CODE:
        return True
    if table in schema.created or CREATED.match(statement):
        return False  # nobody uses it yet
    if rule == "change-type" and operation["widens"]:
        return False
    if rule == "drop-table" and schema.given_up(table):
        return False
    if rule == "drop-column":
        dropped = DROPPED.findall(statement)
        used = [column for column in dropped if not schema.given_up(table, column)]
        return bool(used) or not dropped
    if rule == "drop-default":
        return not any("ADD COLUMN" in one for one in operation["sql"])  # Django's own, and `not-null` tells of it
    if rule == "validate":
        return not {("add-unique", statement), ("add-foreign-key", statement)} & set(raised)
    return True


def _data_with_schema(migration: str, told: Mapping[str, Any], schema: Schema) -> Iterator[Finding]:
    """In one transaction, what locks a table that is in use and what writes rows."""
    writes = [operation for operation in told["operations"] if operation["writes_data"]]
    changes = [
        statement
        for operation in told["operations"]
        for statement in operation["sql"]
        if re.match(r"\s*(ALTER|DROP|CREATE)\b", statement, re.IGNORECASE)
        and not CREATED.match(statement)
        and table_of(statement) not in schema.created
    ]
    if writes and changes and told["atomic"]:
        yield Finding(migration, writes[0]["text"], "data-with-schema", (OURS,), changes[0])
