"""Which statement is about which table, and what cannot apply to it."""

from __future__ import annotations

from typing import Any

import pytest

from ops.doors.squawk import Complaint
from ops.migrations.findings import Finding, Schema, find, table_of, text


def told(*statements: str, linted: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    """A migration of one operation."""
    operation = {"text": "Do it", "sql": list(statements), "linted": list(linted), "writes_data": False}
    return {"operations": [operation | {"widens": False} | more], "error": "", "atomic": True}


def complaint(line: int, rule: str) -> Complaint:
    """What squawk says of a line."""
    return Complaint("shop.0002", line, rule, "It may break.", "")


def found(one: dict[str, Any], *complaints: Complaint, schema: Schema | None = None) -> list[tuple[str, str]]:
    """Rules and statements."""
    schema = schema or Schema({}, set())
    return [(finding.rule, finding.statement) for finding in find("shop.0002", one, complaints, schema)]


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ('ALTER TABLE "shop_item" ADD COLUMN "a" integer', "shop_item"),
        ("alter table if exists only public.shop_item drop column a", "shop_item"),
        ('ALTER TABLE "public"."shop_item" DROP COLUMN a', "shop_item"),
        ('CREATE UNIQUE INDEX CONCURRENTLY "i" ON "shop_item" ("a")', "shop_item"),
        ("CREATE INDEX i ON shop_item(a)", "shop_item"),
        ("DROP TABLE shop_item;", "shop_item"),
        ("\n  UPDATE shop_item\nSET a = 1", "shop_item"),
        ("SELECT 1", ""),
    ],
)
def test_a_statement_names_its_table(statement: str, table: str) -> None:
    """With quotes, a schema and in any case."""
    assert table_of(statement) == table


def test_a_complaint_belongs_to_the_statement_of_its_line() -> None:
    """A statement may have several lines, and an operation several statements."""
    first, second = "ALTER TABLE a\n  ADD COLUMN x text", "ALTER TABLE b\n  DROP COLUMN y"
    one = told(first, second)

    assert text(one).splitlines()[3] == "  DROP COLUMN y"
    assert found(one, complaint(3, "ban-drop-column")) == [("drop-column", second)]


def test_what_both_tools_say_is_one_finding() -> None:
    """With who said it; a rule that nobody has explained keeps its own name, and counts as a break."""
    one = told("ALTER TABLE a DROP COLUMN x", linted=("DROP_COLUMN",))

    both, new = find("m", one, [complaint(0, "ban-drop-column"), complaint(0, "brand-new-rule")], Schema({}, set()))

    assert (both.rule, both.by, both.breaks) == ("drop-column", ("django-migration-linter", "squawk"), True)
    assert (new.rule, new.by, new.breaks, new.why) == ("squawk:brand-new-rule", ("squawk",), True, "It may break.")


@pytest.mark.parametrize(
    ("since", "known", "expected"),
    [
        ("shop.0001", {"shop.0001"}, []),
        ("shop.0001", set(), ["drop-column"]),
        ("", {"shop.0001"}, ["drop-column"]),
    ],
)
def test_a_column_may_go_once_the_release_before_has_given_it_up(
    since: str, known: set[str], expected: list[str]
) -> None:
    """Not in the release that gives it up, and not one that no model ever had."""
    schema = Schema({("a", "x"): since} if since else {}, known)

    rules = [
        rule for rule, _ in found(told('ALTER TABLE "a" DROP COLUMN "x"', linted=("DROP_COLUMN",)), schema=schema)
    ]

    assert rules == expected
    assert schema.after == (set() if expected else {"shop.0001"})


def test_all_columns_that_a_statement_drops_have_to_be_given_up() -> None:
    """Not only the first that it names."""
    one = told('ALTER TABLE "a" DROP COLUMN "x", DROP COLUMN "y"', linted=("DROP_COLUMN",))

    assert [rule for rule, _ in found(one, schema=Schema({("a", "x"): "m"}, {"m"}))] == ["drop-column"]
    assert found(one, schema=Schema({("a", "x"): "m", ("a", "y"): "m"}, {"m"})) == []


def test_a_default_that_django_takes_back_at_once_is_told_as_what_it_is() -> None:
    """A NOT NULL column without a default, or one that may be NULL and breaks nobody."""
    add, drop = "ALTER TABLE a ADD COLUMN x int DEFAULT 1 NOT NULL", "ALTER TABLE a ALTER COLUMN x DROP DEFAULT"

    assert found(told(add, drop, linted=("NOT_NULL",)), complaint(1, "ban-drop-default")) == [("not-null", add)]
    assert found(told(drop), complaint(0, "ban-drop-default")) == [("drop-default", drop)]


def test_rows_and_schema_in_one_transaction_are_told_unless_the_table_is_new() -> None:
    """What locks nobody waits for nobody."""
    change = told("ALTER TABLE a ADD COLUMN x int", writes_data=True)

    assert [rule for rule, _ in found(change)] == ["data-with-schema"]
    assert found(change, schema=Schema({}, set(), created={"a"})) == []
    assert found(change | {"atomic": False}) == []
    assert found(told(writes_data=True)) == []


def test_a_migration_that_cannot_be_applied_is_told_with_what_it_said() -> None:
    """And what was seen of it before."""
    one = told("ALTER TABLE a DROP COLUMN x", linted=("DROP_COLUMN",)) | {"error": "Do it: no"}

    assert find("m", one, [], Schema({}, set()))[-1] == Finding("m", "Do it: no", "fails", ("slipway",))
