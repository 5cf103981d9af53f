"""Names of databases before, at and after a restore in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from console.errors import ExplainedError
from ops.restores.swap import clear, confirm, kept, named, scratch_name, swap, undo

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


class Fake:
    """A server's databases: name, note, and what is in it."""

    def __init__(self, **databases: str) -> None:
        self.content = databases
        self.noted = dict.fromkeys(databases, "")

    def names(self) -> dict[str, str]:
        return dict(self.noted)

    def rename(self, moves: list[tuple[str, str]], notes: Mapping[str, str]) -> None:
        """All of them or none."""
        for old, new in moves:
            assert new not in self.content
            self.content[new], self.noted[new] = self.content.pop(old), self.noted.pop(old)
        self.noted |= notes

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Refused where its content says that somebody is at work."""
        if self.content[name] == "busy":
            raise ExplainedError("cannot restore", "another restore is at work there")
        yield

    def drop(self, name: str) -> None:
        del self.content[name], self.noted[name]


def test_a_restored_database_takes_the_live_name_and_gives_it_back() -> None:
    """With the note that stood at the live one; both are kept until it is confirmed."""
    fake = Fake(live="old", scratch="new")
    fake.noted["live"] = "ours since 2020"

    before = swap(fake, "live", "scratch", "B1", NOW)

    assert fake.content == {"live": "new", before: "old"}
    assert fake.noted["live"] == "ours since 2020"
    assert [(one.name, one.restored) for one in kept(fake, "live")] == [(before, "B1")]

    one, undone = undo(fake, "live", NOW + timedelta(minutes=5))

    assert fake.content == {"live": "old", undone: "new"}
    assert fake.noted["live"] == "ours since 2020"
    assert one.name == before
    with pytest.raises(ExplainedError, match="nothing to undo"):
        undo(fake, "live", NOW)

    assert [one.name for one in confirm(fake, "live")] == [undone]
    assert fake.content == {"live": "old"}


def test_a_live_database_that_is_gone_is_simply_made() -> None:
    """Somebody dropped it: there is nothing to keep."""
    fake = Fake(scratch="new")

    assert swap(fake, "live", "scratch", "B1", NOW) == ""
    assert fake.content == {"live": "new"}


def test_nothing_is_removed_while_there_is_no_live_database() -> None:
    """What is kept may be the last copy."""
    fake = Fake(live="old", scratch="new")
    swap(fake, "live", "scratch", "B1", NOW)
    fake.drop("live")

    with pytest.raises(ExplainedError, match="the last copy"):
        confirm(fake, "live")
    assert undo(fake, "live", NOW)[1] == ""
    assert fake.content == {"live": "old"}


def test_names_fit_postgresql_and_tell_what_they_are() -> None:
    """63 bytes, of which the end is what matters."""
    assert named("cams_staging_x4f2", "restored", NOW) == "cams_staging_x4f2_restored_20261127t030000"
    assert scratch_name("cams", "20261127T030000Z-ab12cd") == "cams_restoring_20261127t030000z_ab12cd"
    assert len(named("x" * 63, "before", NOW)) == 63


def test_what_a_killed_restore_has_left_is_removed() -> None:
    """Of this database, noted as ours, and nobody's work just now."""
    long = "a" * 60
    names = {name: scratch_name(name, "20261127T030000Z-ab12cd") for name in ("live", "other", long)}
    fake = Fake(
        live="old", live_restoring_now="busy", live_restoring_mine="mine", **dict.fromkeys(names.values(), "half")
    )
    for name in (*names.values(), "live_restoring_now"):
        fake.noted[name] = '{"slipway": "restoring"}'

    removed = [*clear(fake, "live"), *clear(fake, long)]

    assert removed == [names["live"], names[long]]
    assert set(fake.content) == {"live", names["other"], "live_restoring_now", "live_restoring_mine"}
