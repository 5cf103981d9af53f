"""A clone from a bucket into a real PostgreSQL, by a role that is no superuser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.errors import REFUSED, ExplainedError
from ops.environments.stacks import load
from ops.restores.clone import Cloned, between
from ops.restores.masks import Declared, Mask
from ops.restores.restoring import Wish
from tests.contract.ops.restores.conftest import World

PEOPLE = """
CREATE TABLE people (name text NOT NULL, email varchar(100));
INSERT INTO people SELECT 'Greta', 'greta' || n || '@example.org' FROM generate_series(1, 100) n;
CREATE TABLE session (key text);
INSERT INTO session VALUES ('whoever has it is logged in');
"""
KEEP = Mask(rule="keep")
DECLARED: Declared = {
    "people": {"name": Mask(rule="fake", value="first_name"), "email": Mask(rule="fake", value="email")},
    "session": {"*": Mask(rule="emptied")},
    "exams": {"name": KEEP},
    "attempts": {"note": KEEP, "marks": KEEP, "comment": KEEP},
    'Odd "one': {"x": KEEP},
    "pg_largeobject": {"*": Mask(rule="emptied")},
}


def clone(world: World, declared: Declared = DECLARED) -> Cloned:
    """From dev's bucket, which is the one in memory, into the database here."""
    world.rest()
    origin = replace(world.place, stack=load("staging"))
    wish = Wish(key=world.key, yes=True, database=world.live)
    return between(origin, world.place, wish, declared)


def test_a_clone_is_live_without_the_people_in_it(world: World) -> None:
    """All else is what the backup holds; the database of before is kept."""
    world.do(PEOPLE)
    manifest = world.backup(from_bytes=0)
    world.do("DROP TABLE people")

    done = clone(world)

    assert (done.restored.source, done.restored.database, done.restored.compared) == (manifest.id, world.live, True)
    assert world.rows("SELECT count(*) FROM people WHERE name = 'Greta' OR email NOT LIKE '%@masked.invalid'") == [
        (0,)
    ]
    assert world.rows("SELECT count(*), count(DISTINCT email) FROM people") == [(100, 100)]
    assert world.rows("SELECT count(*) FROM session") == [(0,)]
    assert world.rows("SELECT count(*) FROM pg_largeobject_metadata") == [(0,)]
    assert world.rows("SELECT count(*), sum(id) FROM attempts") == [(3000, 4501500)]
    assert done.masked == {"public.people": 100, "public.session": 0}
    assert world.rows("SELECT to_regclass('people')", done.restored.kept) == [(None,)]
    assert "declared, and not in this backup: attempts.comment" in done.restored.notes


def test_a_column_that_nobody_declares_keeps_the_clone_away(world: World) -> None:
    """Nothing of it is left behind, and the live database is as it was."""
    world.do(PEOPLE)
    world.backup()
    declared = {table: columns for table, columns in DECLARED.items() if table != "people"}

    with pytest.raises(ExplainedError, match=r"people\.name: text is not declared") as refused:
        clone(world, declared)

    assert refused.value.code == REFUSED
    assert world.databases() == {world.live}
    assert world.rows("SELECT count(*) FROM people WHERE name = 'Greta'") == [(100,)]
