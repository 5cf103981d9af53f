"""What becomes of personal data in a clone: every column is declared, and what is personal masked."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from console.errors import REFUSED, ExplainedError
from ops.doors.postgres_masks import SALT, Column, MaskError, Masking, Update

LARGE_OBJECTS = "pg_largeobject"
ALL = "*"
# All else may hold a name, an address, a birthday or a place, and has to be declared.
HARMLESS = frozenset({
    "bool", "int2", "int4", "int8", "float4", "float8", "numeric", "money", "oid", "uuid",
    "timestamp", "timestamptz", "time", "timetz", "interval",
    "int4range", "int8range", "numrange", "tsrange", "tstzrange",
    "int4multirange", "int8multirange", "nummultirange", "tsmultirange", "tstzmultirange",
})  # fmt: skip
ENUM = "e"
TEXT = frozenset({"text", "varchar", "bpchar", "citext"})
FIRST = (
    "Ada",
    "Alan",
    "Barbara",
    "Claude",
    "Donald",
    "Edsger",
    "Frances",
    "Grace",
    "Hedy",
    "Ida",
    "John",
    "Katherine",
)
LAST = ("Amber", "Birch", "Cedar", "Dune", "Elm", "Fern", "Glade", "Hazel", "Ivy", "Juniper", "Larch", "Maple")
DOMAIN = "masked.invalid"  # RFC 2606: no mail server will ever take it
PHONE = "+999"  # no country's
LOREM = "lorem ipsum dolor sit amet "
HEX = 32
SHORTEST = 8  # characters of a hash that two values hardly share


class Mask(BaseModel):
    """One rule, as the application declares it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: Literal["keep", "null", "hash", "fake", "constant", "emptied"]
    value: str = ""


Declared = Mapping[str, Mapping[str, Mask]]
"""By table and column."""


@dataclass(frozen=True)
class Plan:
    """What is done to a database, by its quoted names."""

    emptied: tuple[str, ...]
    updates: tuple[Update, ...]
    without_large_objects: bool = False


def declared(answer: Mapping[str, Any]) -> dict[str, dict[str, Mask]]:
    """What the application says."""
    return {
        table: {column: Mask.model_validate(mask) for column, mask in columns.items()}
        for table, columns in answer["masks"].items()
    }


def mask(door: Masking, url: str, masks: Declared) -> dict[str, int]:
    """Mask what a database holds; nobody may have seen it before. Returns the rows by table."""
    found, objects = door.columns(url), door.large_objects(url)
    wrong = problems(found, masks, objects)
    if wrong:
        raise ExplainedError(
            "refused",
            "what is not declared could show people's data:" + "".join(f"\n  {one}" for one in wrong),
            hint="say it in `personal.py` beside the models, as the others do; the target is as it was",
            code=REFUSED,
        )
    todo = plan(found, masks)
    try:
        # The salt is in nobody's hands afterwards: what is masked cannot be told by masking guesses.
        return door.apply(
            url,
            salt=secrets.token_hex(32),
            emptied=todo.emptied,
            updates=todo.updates,
            without_large_objects=todo.without_large_objects,
        )
    except MaskError as error:
        raise ExplainedError("cannot mask the copy", str(error), hint="the target is as it was") from error


def problems(columns: Iterable[Column], masks: Declared, large_objects: int = 0) -> list[str]:
    """Columns that nobody has declared, and rules that cannot be carried out."""
    found = []
    for column in columns:
        name, rule = f"{column.table}.{column.name}", _rule(column, masks)
        if rule is None:
            if may_be_personal(column):
                found.append(f"{name}: {column.type}{'[]' if column.is_array else ''} is not declared")
        elif why := _impossible(column, rule):
            found.append(f"{name}: {why}")
    if large_objects and LARGE_OBJECTS not in masks:
        found.append(f"{LARGE_OBJECTS}: {large_objects} are not declared")
    return found


def unknown(columns: Iterable[Column], masks: Declared) -> list[str]:
    """What is declared and not there: of a model that is gone, or misspelt."""
    there = {(column.table, name) for column in columns for name in (column.name, ALL)}
    told = {(table, name) for table, rules in masks.items() for name in rules if table != LARGE_OBJECTS}
    return sorted(f"{table}.{name}" for table, name in told - there)


def may_be_personal(column: Column) -> bool:
    """Whether its type can hold what tells of a person."""
    return column.type not in HARMLESS and column.kind != ENUM


def plan(columns: Iterable[Column], masks: Declared) -> Plan:
    """The statements, one for each table; of a table that keeps all, none."""
    emptied: dict[str, None] = {}
    changes: dict[str, list[str]] = {}
    partitioned = set()
    for column in columns:
        rule = _rule(column, masks)
        if rule is None or rule.rule == "keep":
            continue
        if rule.rule == "emptied":
            emptied[column.relation] = None
            continue
        changes.setdefault(column.relation, []).append(f"{column.quoted} = {expression(column, rule)}")
        if column.is_partitioned:
            partitioned.add(column.relation)
    updates = tuple(Update(relation, tuple(sets), relation in partitioned) for relation, sets in changes.items())
    large = masks.get(LARGE_OBJECTS, {}).get(ALL)
    return Plan(tuple(emptied), updates, without_large_objects=large is not None and large.rule == "emptied")


def expression(column: Column, mask: Mask) -> str:
    """What a value becomes; nothing and empty text stay what they are."""
    if mask.rule == "null":
        return "NULL"
    if mask.rule == "constant":
        return _literal(mask.value)
    value = f"{column.quoted}::text"
    made = FAKES[mask.value](value) if mask.rule == "fake" else f"left({_hash(value)}, {HEX})"
    fitting = f"left({made}, {column.length})" if column.length else made
    return f"CASE WHEN {value} = '' THEN '' ELSE {fitting} END"


def _rule(column: Column, masks: Declared) -> Mask | None:
    rules = masks.get(column.table, {})
    return rules.get(ALL) or rules.get(column.name)


def _impossible(column: Column, mask: Mask) -> str:
    if mask.rule == "null" and column.required:
        return "is never null, so it cannot be masked so"
    if mask.rule in ("hash", "fake") and (column.type not in TEXT or column.is_array):
        return f"is {column.type}{'[]' if column.is_array else ''}, and only text can be masked by {mask.rule}"
    if mask.rule == "fake" and mask.value not in FAKES:
        return f"there is no fake {mask.value}: {', '.join(FAKES)}"
    least = _least(mask)
    if column.length is not None and column.length < least:
        return f"has {column.length} characters, and {mask.rule} {mask.value} needs {least}".replace("  ", " ")
    return ""


def _least(mask: Mask) -> int:
    if mask.rule == "constant":
        return len(mask.value)
    return {"hash": SHORTEST, "fake": len(f"u{'0' * 16}@{DOMAIN}") if mask.value == "email" else 1}.get(mask.rule, 0)


def _hash(value: str, more: str = "") -> str:
    salted = f"current_setting('{SALT}') || {_literal(more)} || {value}"
    return f"encode(sha256(convert_to({salted}, 'UTF8')), 'hex')"


def _number(value: str, more: str, below: int) -> str:
    return f"(('x' || left({_hash(value, more)}, 15))::bit(60)::bigint % {below})"


def _one_of(words: Sequence[str]) -> Callable[[str], str]:
    listed = ", ".join(_literal(word) for word in words)
    return lambda value: f"(ARRAY[{listed}])[1 + {_number(value, words[0], len(words))}]"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


FAKES: Mapping[str, Callable[[str], str]] = {
    "email": lambda value: f"'u' || left({_hash(f'lower({value})')}, 16) || '@{DOMAIN}'",
    "first_name": _one_of(FIRST),
    "last_name": _one_of(LAST),
    "name": lambda value: f"{_one_of(FIRST)(value)} || ' ' || {_one_of(LAST)(value)}",
    "phone": lambda value: f"'{PHONE}' || lpad({_number(value, 'phone', 10**9)}::text, 9, '0')",
    "text": lambda value: f"left(repeat('{LOREM}', length({value}) / {len(LOREM)} + 1), length({value}))",
}
