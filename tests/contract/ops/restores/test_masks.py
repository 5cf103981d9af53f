"""Masks at a real PostgreSQL: what was somebody's is nowhere in the copy, and what belongs together still does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.errors import ExplainedError
from ops.doors import postgres_masks
from ops.doors.application import Django
from ops.restores import masks
from ops.restores.masks import Mask
from tests.support import app_process
from tests.support.app_process import APP, KEY
from tests.support.postgres_cluster import PostgresCluster, rows, running

SCHEMA = r"""
CREATE DOMAIN nickname AS varchar(20);
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE people (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, login varchar(40) UNIQUE NOT NULL,
  email varchar(100), phone varchar(20), born date, tags text[], about jsonb, nick nickname, feels mood,
  shout text GENERATED ALWAYS AS (upper(name)) STORED
);
CREATE TABLE letters (id int, "To whom" varchar(40) REFERENCES people (login), body text NOT NULL);
CREATE TABLE log (at date NOT NULL, who text) PARTITION BY RANGE (at);
CREATE TABLE log_2026 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE session (key text);
CREATE TABLE audit (what text);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN INSERT INTO audit VALUES (OLD.name); RETURN NEW; END $$;
CREATE TRIGGER noted BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION noted();
CREATE SCHEMA other;
CREATE TABLE other.note (text text);
INSERT INTO people (name, login, email, phone, born, tags, about, nick, feels)
  SELECT 'Greta Kowalski', 'greta' || n, 'Greta' || n || '@example.org', '+48 22 123', '1990-02-03',
         ARRAY['Kowalski'], '{"of": "Kowalski"}', 'kowalski', 'good' FROM generate_series(1, 200) n;
INSERT INTO people (name, login, email) VALUES ('', 'empty', NULL);
INSERT INTO letters SELECT n, 'greta' || n, 'Dear Kowalski' FROM generate_series(1, 200) n;
INSERT INTO log SELECT '2026-05-05', 'greta' || n FROM generate_series(1, 200) n;
INSERT INTO session SELECT 'Kowalski' FROM generate_series(1, 200);
INSERT INTO other.note VALUES ('Kowalski');
CREATE MATERIALIZED VIEW directory AS SELECT name, email FROM people;
ANALYZE;
"""
ALL = {
    "people": {
        "name": Mask(rule="fake", value="name"),
        "login": Mask(rule="hash"),
        "email": Mask(rule="fake", value="email"),
        "phone": Mask(rule="fake", value="phone"),
        "born": Mask(rule="null"),
        "tags": Mask(rule="constant", value="{}"),
        "about": Mask(rule="constant", value='{"is": "masked"}'),
        "nick": Mask(rule="fake", value="first_name"),
    },
    "letters": {"To whom": Mask(rule="hash"), "body": Mask(rule="fake", value="text")},
    "log": {"at": Mask(rule="keep"), "who": Mask(rule="hash")},
    "session": {"*": Mask(rule="emptied")},
    "audit": {"what": Mask(rule="keep")},
    "other.note": {"text": Mask(rule="constant", value="")},
}


@pytest.fixture(scope="module")
def cluster() -> Iterator[PostgresCluster]:
    """A server for the tests here."""
    with running() as made:
        yield made


@pytest.fixture
def copy(cluster: PostgresCluster) -> str:
    """A database with people in it."""
    url = cluster.new_database()
    rows(url, SCHEMA)
    return url


def holds(url: str, text: str) -> list[str]:
    """Where a word still is: in any table, view, or what the planner knows."""
    query = (
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE relkind IN ('r', 'p', 'm') AND nspname IN ('public', 'other')"
    )
    places = [str(name) for (name,) in rows(url, query)]
    views = ["(SELECT most_common_vals::text, histogram_bounds::text FROM pg_stats WHERE schemaname <> 'pg_catalog')"]
    asked = {place: f"SELECT count(*) FROM {place} t WHERE t::text ILIKE '%{text}%'" for place in places + views}  # noqa: S608 - a test's own
    return [place for place, query in asked.items() if rows(url, query)[0][0]]


def test_what_was_somebodys_is_nowhere(copy: str) -> None:
    """Not in the tables, not in what was made of them, not in the planner's statistics, not by a trigger's hand."""
    assert len(holds(copy, "kowalski")) > 5

    counts = masks.mask(postgres_masks, copy, ALL)

    assert holds(copy, "kowalski") == []
    assert holds(copy, "greta") == []
    assert counts == {
        "public.session": 0,
        "public.letters": 200,
        "public.log": 200,
        "other.note": 1,
        "public.people": 201,
    }
    assert rows(copy, "SELECT count(*) FROM audit") == [(0,)]


def test_what_belongs_together_still_does(copy: str) -> None:
    """Keys lead where they led; empty stays empty, and nothing stays nothing; what is made up looks real."""
    masks.mask(postgres_masks, copy, ALL)

    joined = rows(copy, 'SELECT count(*) FROM letters l JOIN people p ON p.login = l."To whom" AND p.id = l.id')
    assert joined == [(200,)]
    assert rows(copy, "SELECT count(*) FROM log JOIN people ON who = login") == [(200,)]
    assert rows(copy, "SELECT name, email, shout FROM people WHERE id = 201") == [("", None, "")]
    name, email, phone, shout, about = rows(copy, "SELECT name, email, phone, shout, about FROM people WHERE id = 1")[
        0
    ]
    assert re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z]+", name)
    assert re.fullmatch(r"u[0-9a-f]{16}@masked\.invalid", email)
    assert re.fullmatch(r"\+999\d{9}", phone)
    assert (shout, about) == (name.upper(), {"is": "masked"})
    assert rows(copy, "SELECT count(DISTINCT email) FROM people") == [(200,)]


def test_the_copy_is_as_strict_as_before(copy: str) -> None:
    """Its trigger fires again, and its foreign key is checked at once again."""
    before = rows(copy, "SELECT conname, condeferrable FROM pg_constraint WHERE contype = 'f'")

    masks.mask(postgres_masks, copy, ALL)
    rows(copy, "UPDATE people SET name = 'new' WHERE id = 1")

    assert rows(copy, "SELECT conname, condeferrable FROM pg_constraint WHERE contype = 'f'") == before
    assert rows(copy, "SELECT count(*) FROM audit") == [(1,)]


def test_two_masks_of_one_value_differ(cluster: PostgresCluster, copy: str) -> None:
    """The salt is thrown away: what another clone shows leads nowhere."""
    other = cluster.new_database()
    rows(other, "CREATE TABLE session AS SELECT 'greta1'::text AS key")
    hashed = {"session": {"key": Mask(rule="hash")}}

    masks.mask(postgres_masks, copy, ALL)
    masks.mask(postgres_masks, other, hashed)

    assert rows(other, "SELECT key FROM session")[0] not in rows(copy, "SELECT login FROM people")


def test_nothing_is_masked_where_a_rule_keeps_rows_away(copy: str) -> None:
    """All or nothing: one row that was not reached undoes it all."""
    rows(copy, "CREATE RULE silent AS ON UPDATE TO letters DO INSTEAD NOTHING")

    with pytest.raises(ExplainedError, match=r"200 rows of public\.letters were not reached"):
        masks.mask(postgres_masks, copy, ALL)

    assert "people" in holds(copy, "kowalski")
    assert rows(copy, "SELECT count(*) FROM session") == [(200,)]


def test_columns_of_every_kind_are_seen(copy: str) -> None:
    """Below domains and arrays, in other schemas, of partitions once; a generated one follows its source."""
    assert masks.problems(postgres_masks.columns(copy), {}) == [
        "audit.what: text is not declared",
        "letters.To whom: varchar is not declared",
        "letters.body: text is not declared",
        "log.at: date is not declared",
        "log.who: text is not declared",
        "other.note.text: text is not declared",
        "people.name: text is not declared",
        "people.login: varchar is not declared",
        "people.email: varchar is not declared",
        "people.phone: varchar is not declared",
        "people.born: date is not declared",
        "people.tags: text[] is not declared",
        "people.about: jsonb is not declared",
        "people.nick: varchar is not declared",
        "session.key: text is not declared",
    ]


def test_large_objects_go_where_that_is_declared(copy: str) -> None:
    """They are refused otherwise."""
    rows(copy, "SELECT lo_from_bytea(0, 'Kowalski')")

    with pytest.raises(ExplainedError, match="pg_largeobject: 1 are not declared"):
        masks.mask(postgres_masks, copy, ALL)
    masks.mask(postgres_masks, copy, ALL | {"pg_largeobject": {"*": Mask(rule="emptied")}})

    assert postgres_masks.large_objects(copy) == 0


def test_the_application_declares_every_column_that_it_has(cluster: PostgresCluster, tmp_path: Path) -> None:
    """At its own database, migrated; and a user who was somebody is nobody who could log in."""
    url = cluster.new_database()
    done = app_process.run("start.py", "migrate", env=app_process.variables(url, tmp_path))
    assert done.returncode == 0, done.stderr
    rows(
        url,
        "INSERT INTO auth_user (password, is_superuser, username, first_name, last_name, email, is_staff, is_active, "
        "date_joined) VALUES ('pbkdf2', true, 'greta@example.org', 'Greta', 'Kowalski', 'Greta@example.org', true, "
        "true, now())",
    )
    django = Django(APP, {"ENVIRONMENT": "dev", "DJANGO_SECRET_KEY": KEY})
    declared = masks.declared(django.ask("personal"))

    masks.mask(postgres_masks, url, declared)

    assert masks.unknown(postgres_masks.columns(url), declared) == []
    password, username, email = rows(url, "SELECT password, username, email FROM auth_user")[0]
    assert (password, username) == ("!", email)
    assert email.endswith("@masked.invalid")
    assert holds(url, "kowalski") == []
