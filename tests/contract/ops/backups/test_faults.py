"""The bench of faults in short, and a database that comes back word for word and row for row."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from bench.database.compare import compare
from bench.faults_backup.flips import flips
from bench.faults_backup.trials import Backups, Restores, Tally
from bench.faults_backup.world import World, world


@pytest.fixture(scope="module")
def place() -> Iterator[World]:
    """With a database to back up, and one to restore into."""
    with world() as one:
        yield one


def test_what_is_restored_is_what_was_backed_up(place: World) -> None:
    """In both modes: schema, owners, rights, comments, rows, sequences, large objects."""
    for mode in ("single", "parts"):
        place.renew()
        for what in ("backup", "restore"):
            assert place.start(what, mode).wait() == 0, place.said()

        assert compare(place.url("source"), place.url("live"), place.cluster.binaries) == []


def test_no_fault_makes_a_bad_backup_or_half_a_database(place: World) -> None:
    """One of each at a random moment, and some changes of stored bytes."""
    chance, changes = random.Random(3), Tally()  # noqa: S311 - moments, no secrets
    backups, restores = Backups(place, chance), Restores(place, chance)
    flips(place, chance, 25, changes)
    for number in range(4):
        backups.trial(number)
        restores.trial(number)

    assert changes.wrong + backups.tally.wrong + restores.tally.wrong == []
    assert sum(changes.trials.values()) == 25
