"""In how many parts a backup is stored."""

from __future__ import annotations

from ops.backups.shape import shape_of
from tests.support.backup_fakes import relation

MIB = 1 << 20


def test_tables_are_balanced_by_size() -> None:
    """The largest first; what is small, or has a name that only the database can read, is in the first part."""
    tables = [relation("a", 60 * MIB), relation("b", 50 * MIB), relation("c", 20 * MIB), relation("d", 5)]
    tables += [relation("é", 10 * MIB), relation("view", 90 * MIB, "materialized view")]

    shape = shape_of(tables, cores=2, statistics=False)

    schema, first, second = shape.pieces
    assert schema.words == ("--section=pre-data", "--section=post-data")
    assert first.words == ("--section=data", '--exclude-table-data="public"."b"', '--exclude-table-data="public"."c"')
    assert second.words == ("--section=data", '--table="public"."b"', '--table="public"."c"')
    assert (first.size, second.size) == (70 * MIB + 5, 70 * MIB)
    assert shape.why == "140 MiB of tables: 2 data parts are written, and can be restored, side by side"


def test_a_table_that_outweighs_all_others_has_a_part_of_its_own() -> None:
    """Its rows are then restored over several connections; a part that holds no table is none, but for the rest's."""
    shape = shape_of([relation("only", 200 * MIB)], cores=8, statistics=True)

    assert [piece.name for piece in shape.pieces] == ["schema", "data-01", "data-02"]
    assert [piece.size for piece in shape.pieces[1:]] == [0, 200 * MIB]
    assert shape.pieces[2].words == ("--section=data", "--statistics", '--table="public"."only"')
    assert all("--statistics" in piece.words for piece in shape.pieces)


def test_a_small_database_says_why_it_is_one_archive() -> None:
    """Parts cost a process each."""
    shape = shape_of([relation("only", 3 * MIB)], cores=8, statistics=False)

    assert (shape.mode, shape.why) == ("single", "3 MiB of tables, and parts are worth it from 64 MiB")
