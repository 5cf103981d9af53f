"""One big table, restored over several connections: whole or not at all, and gone on with after a kill."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from console.errors import ExplainedError
from ops.backups import contents
from ops.backups.manifest import Manifest, Part
from ops.backups.opened import opened
from ops.doors import postgres_streams
from ops.doors.postgres import at
from ops.doors.postgres_streams import Script
from ops.restores import loading
from tests.contract.ops.restores.conftest import World

BIG = """
CREATE TABLE "Big;
 (one" (id serial PRIMARY KEY, "a) FROM stdin;
" text, data bytea);
INSERT INTO "Big;
 (one" ("a) FROM stdin;
", data)
SELECT CASE n % 4 WHEN 0 THEN E'\\\\.' WHEN 1 THEN E'a\n\\\\.\nb'
       WHEN 2 THEN (SELECT string_agg(md5(n * 1000 + m || ''), '') FROM generate_series(1, 45) m) END,
       decode(md5(n::text), 'hex')
FROM generate_series(1, 6000) n;
INSERT INTO "Big;
 (one" ("a) FROM stdin;
") SELECT string_agg(md5(n::text), '') FROM generate_series(1, 20000) n;
TRUNCATE attempts;
"""
COUNT = 'SELECT count(*) FROM "Big;\n (one"'


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is large here."""
    monkeypatch.setattr(loading, "LARGE_BYTES", 1 << 20)
    monkeypatch.setattr(postgres_streams, "BLOCK", 8 << 10)


def big(world: World) -> tuple[Manifest, Part]:
    """A backup whose largest part holds that table alone."""
    world.do(BIG)
    manifest = world.backup(from_bytes=0)
    return manifest, max(manifest.parts, key=lambda part: part.plain_size)


def test_its_rows_are_shared_out_and_are_the_same(world: World) -> None:
    """With names and values that look like the end of a statement, or of the rows; and a row larger than a block."""
    manifest, _ = big(world)

    done = world.restore(jobs=3)

    found = contents.read(at(world.url, done.database))
    assert contents.differences(contents.Contents.model_validate(manifest.contents), found) == []
    assert world.rows('SELECT count(DISTINCT xmin::text) FROM "Big;\n (one"', done.database) == [(3,)]


def test_one_that_is_killed_half_way_is_gone_on_with(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that one connection has committed, and another has not, are not there twice."""
    big(world)
    commits: list[int] = []
    execute = psycopg.Connection.execute

    def dying(connection: psycopg.Connection, query: Any, *more: Any, **named: Any) -> Any:
        commits.extend([1] if query == "COMMIT" else [])
        if query == "COMMIT" and len(commits) == 2:
            raise psycopg.OperationalError("the server closed the connection")
        return execute(connection, query, *more, **named)

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Connection, "execute", dying)
        with pytest.raises(ExplainedError, match="the server closed the connection"):
            world.restore(jobs=2)
    half = next(name for name in world.databases() if name != world.live)
    assert 0 < world.rows(COUNT, half)[0][0] < 6001

    done = world.restore(jobs=1)

    assert "going on with what was loaded before" in world.talk.getvalue()
    assert world.rows(COUNT, done.database) == [(6001,)]


@pytest.mark.parametrize("damage", ["cut", "flip at its end"])
def test_damage_that_shows_at_its_end_leaves_nothing(world: World, damage: str) -> None:
    """All of its rows may have come by then; none is committed."""
    _, part = big(world)
    stored = world.objects.stored[part.key]
    world.objects.stored[part.key] = stored[:-20] if damage == "cut" else stored[:-1] + bytes([stored[-1] ^ 1])

    with pytest.raises(ExplainedError):
        world.restore(jobs=2)

    assert world.databases() == {world.live}


@pytest.mark.parametrize("share", [0.5, 1])
def test_a_source_that_fails_commits_nothing(world: World, monkeypatch: pytest.MonkeyPatch, share: float) -> None:
    """Half way, or by what is only known at its end: the next begins with it anew, and the reason is told."""
    _, big_one = big(world)

    def failing(objects: Any, part: Part, *more: Any) -> Iterator[bytes]:
        whole = b"".join(opened(objects, part, *more))
        if part.name != big_one.name:
            yield whole
            return
        yield whole[: int(len(whole) * share)]
        assert share < 1 or all_read.wait(60)
        raise ExplainedError("cannot read it", "the network is gone")

    all_read, tail = threading.Event(), Script.tail

    def told(script: Script) -> bytes:
        left = tail(script)
        all_read.set()
        return left

    with monkeypatch.context() as patch:
        patch.setattr(Script, "tail", told)
        patch.setattr(loading, "opened", failing)
        with pytest.raises(ExplainedError, match="the network is gone"):
            world.restore(jobs=2)
    half = next(name for name in world.databases() if name != world.live)
    assert world.rows(COUNT, half) == [(0,)]

    assert world.rows(COUNT, world.restore(jobs=2).database) == [(6001,)]


def test_a_row_that_the_table_refuses_ends_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own words are told."""
    big(world)
    blocks = Script.blocks
    monkeypatch.setattr(Script, "blocks", lambda script: (block.replace(b"\t", b" ", 1) for block in blocks(script)))

    with pytest.raises(ExplainedError, match=r"missing data for column|invalid input syntax"):
        world.restore(jobs=2)
