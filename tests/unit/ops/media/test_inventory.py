"""Inventories: whole or an error, in the order of their keys, and found by their times."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
import zstandard

from console.errors import ExplainedError
from ops.media import inventory, kept, places
from ops.media.inventory import Column
from tests.unit.ops.media import runs


def test_an_inventory_says_whose_it_is() -> None:
    """And which columns named files then, for who has no code of the application."""
    made = runs.of({"a": b"1"})
    made.columns = (Column("exams_paper", "scan", "private/"),)

    found = made.run()

    assert found.header.bucket == made.bucket.name
    assert found.header.columns == made.columns
    assert (found.footer.objects, found.footer.bytes) == (1, 1)


@pytest.mark.parametrize("where", range(0, 100, 7))
def test_an_inventory_that_was_cut_or_changed_is_an_error(where: int) -> None:
    """Wherever that is."""
    made = runs.of({f"{number:03}": b"%d" % number for number in range(40)})
    made.run()
    [place] = [one for one in made.store.kept if "/copies/" in one]
    whole = made.store.kept[place]
    at = len(whole) * where // 100

    for broken in (whole[:at], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]):
        with pytest.raises(ExplainedError, match="cannot use the inventory"):
            inventory.read(iter([broken]), "it")


def test_lines_that_are_not_those_written_are_an_error() -> None:
    """One that is left out, though all is compressed well."""
    made = runs.of({"a": b"1", "b": b"2"})
    made.run()
    [place] = [one for one in made.store.kept if "/copies/" in one]
    lines = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(made.store.kept[place])).read().splitlines(True)

    for fewer in ([*lines[:1], *lines[2:]], lines[:-1], [*lines, lines[1]], lines[1:]):
        with pytest.raises(ExplainedError, match="it is damaged"):
            inventory.read(iter([zstandard.compress(b"".join(fewer))]), "it")


def test_lines_out_of_order_are_not_written() -> None:
    """A bucket that lists so could not be compared."""
    made = runs.of({"a": b"1"})
    [entry] = made.run().entries()
    writer = inventory.Writer(made.run().header)
    writer.add(entry)

    with pytest.raises(ExplainedError, match="'a' came after 'a'"):
        writer.add(entry)
    writer.close()


def test_runs_are_found_by_their_ids_and_times() -> None:
    """The newest, that one, the last before a time, and the first after one."""
    made = runs.of({"a": b"1"})
    ids = [made.run().header.id for _ in range(3)]

    assert made.shelf.runs() == ids
    assert made.shelf.pick() == ids[2]
    assert made.shelf.pick(run=ids[0]) == ids[0]
    assert made.shelf.pick(at=datetime(2026, 11, 2, 12, tzinfo=UTC)) == ids[1]
    assert made.shelf.after(datetime(2026, 11, 2, 12, tzinfo=UTC)) == ids[2]
    assert made.shelf.after(datetime(2026, 12, 1, tzinfo=UTC)) is None
    with pytest.raises(ExplainedError, match="none is from before 2026-10-01"):
        made.shelf.pick(at=datetime(2026, 10, 1, tzinfo=UTC))
    with pytest.raises(ExplainedError, match="20261101T020700Z-ffffff is none of them"):
        made.shelf.pick(run="20261101T020700Z-ffffff")


def test_no_run_yet_is_told() -> None:
    """With the command that makes one."""
    with pytest.raises(ExplainedError, match="staging has no copy of its media"):
        runs.of({}).shelf.pick()


def test_bytes_that_the_copy_has_lost_are_found() -> None:
    """Gone, or cut."""
    made = runs.of({"a": b"1", "b": b"2", "c": b"3"})
    found = runs.by_key(made.run())
    del made.store.kept[found["a"].place]
    made.store.kept[found["c"].place] = b"cut"

    assert list(kept.lost(made.store, iter(found.values()), "staging/objects/")) == ["a", "c"]


def test_a_sealed_inventory_is_read_with_its_key() -> None:
    """What another target has of the names is sealed, too."""
    made = runs.of({"a": b"1"})
    run = made.run()
    spool = run.spool

    made.shelf.put_sealed(run.header.id, spool, made.recipients)

    place = places.inventory("staging", "memory", run.header.id, sealed=True)
    assert made.store.kept[place].startswith(b"age-encryption.org/v1")
    assert made.shelf.get_sealed(run.header.id, [runs.IDENTITY]).header == run.header
    assert made.shelf.runs() == [run.header.id]


def test_an_id_sorts_by_its_time() -> None:
    """And says it."""
    when = datetime(2026, 11, 27, 2, 7, tzinfo=UTC)

    assert places.new_id(when).startswith("20261127T020700Z-")
    assert places.time_of(places.new_id(when)) == when
    assert places.run_of("staging/copies/1/nothing.jsonl.zst") is None


def test_a_run_sorts_after_all_that_there_are() -> None:
    """Also one that begins in the same second, or where another machine's clock was ahead."""
    when = datetime(2026, 11, 27, 2, 7, tzinfo=UTC)

    assert places.new_id(when, "20261127T020700Z-ffffff").startswith("20261127T020701Z-")
    assert places.new_id(when, "20271127T020700Z-ffffff") > "20271127T020700Z-ffffff"
    assert places.new_id(when, "20261126T020700Z-ffffff").startswith("20261127T020700Z-")
