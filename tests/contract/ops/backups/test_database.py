"""The database that benches and tests use: the same for the same seed, equal to its copy, with all that traps."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from bench.database.compare import compare
from bench.database.make import TRAPS, make
from ops.backups.contents import read
from ops.doors.postgres import Scratch
from ops.doors.postgres_programs import programs
from tests.contract.ops.backups.conftest import copy, execute


def test_a_copy_is_the_same_and_a_change_is_told(server: Scratch, database: Callable[..., str]) -> None:
    """Whatever PostgreSQL itself dumps and restores; and one of each kind of difference."""
    source, target = database("made"), database("copied")
    make(source, 1, seed=7)
    copy(server, source, target)
    binaries = programs(server.version)

    assert compare(source, target, binaries) == []
    changes = {
        "DROP INDEX papers_search_idx": "papers_search_idx",
        "COMMENT ON TABLE people IS 'whom'": "'who'",
        "REVOKE SELECT ON people FROM pg_read_all_data": "GRANT SELECT ON TABLE public.people",
        "SELECT nextval('alone')": "alone",
        "COMMENT ON LARGE OBJECT 900001 IS NULL": "the first",
        "UPDATE traps SET text = text || ' ' WHERE id = 1": "table public.traps",
    }
    for change in changes:
        execute(target, change)
    said = compare(source, target, binaries)
    assert [word for word in changes.values() if not any(word in one for one in said)] == []


def test_a_seed_makes_the_same_rows(database: Callable[..., str]) -> None:
    """And another one others."""
    first, second, other = database("first"), database("second"), database("other")
    make(first, 1, seed=7)
    make(second, 1, seed=7)
    make(other, 1, seed=8)

    assert read(first) == read(second)
    assert read(first).tables["public.papers"] != read(other).tables["public.papers"]
    with psycopg.connect(first) as connection:
        assert [text for (text,) in connection.execute("SELECT text FROM traps ORDER BY id")] == list(TRAPS)
        with pytest.raises(psycopg.errors.UntranslatableCharacter):
            connection.execute("SELECT '\"\\u0000\"'::jsonb ->> 0, ('\"\\u0000\"'::jsonb)::text")
