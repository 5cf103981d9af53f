"""What happens besides while something is promoted: locks, other clocks, another promotion."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from console.errors import REFUSED, ExplainedError
from infra.release import Release
from ops.releases.lock import Lock, Locks
from ops.releases.promotion import promote
from ops.releases.records import Records
from tests.support.promoting import OTHER, PROD, Ups, recorded
from tests.support.releasing import World


def test_a_lock_that_is_taken_while_the_image_is_copied_counts(world: World, up: Ups) -> None:
    """Nothing is recorded that the next `up` would bring."""
    lock = Lock(by="octocat", at=world.git.commit.when, why="an exam")
    world.meanwhile = lambda: Locks(PROD, world.ssm).take(lock)

    with pytest.raises(ExplainedError, match="is locked by octocat since"):
        promote(world.context, "prod", up=up)

    assert (recorded(world), up.of) == ([], [])


def test_a_machine_whose_clock_is_behind_records_nothing(world: World, up: Ups) -> None:
    """Its record would be taken for an old one that somebody wrote again, by every `up` from then on."""
    later = datetime.now(UTC) + timedelta(hours=1)
    world.ssm.writes += 10_000  # AWS's clock says so, too
    Records(PROD, world.ssm).put(Release(digest="sha256:" + "ab" * 32, at=later))

    with pytest.raises(ExplainedError, match=r"^refused: the clock of this machine says") as refused:
        promote(world.context, "prod", up=up)

    assert refused.value.code == REFUSED
    assert (len(recorded(world)), up.of) == (1, [])


def test_a_machine_whose_clock_was_ahead_stops_nobody(world: World, up: Ups) -> None:
    """What it wrote is of a time that AWS had not seen yet."""
    future = datetime.now(UTC) + timedelta(days=365)
    Records(PROD, world.ssm).put(Release(digest="sha256:" + "ab" * 32, at=future))

    promote(world.context, "prod", up=up)

    assert up.of == ["prod"]


def test_a_locked_environment_is_promoted_nothing_to(world: World, up: Ups) -> None:
    """Who and why is told, and nothing is copied."""
    Locks(PROD, world.ssm).take(Lock(by="octocat", at=world.git.commit.when, why="an exam"))

    with pytest.raises(ExplainedError, match="is locked by octocat since"):
        promote(world.context, "prod", up=up)

    assert up.of == []
    assert world.registry.asked["PUT cams-prod/manifests"] == 0


def test_of_two_promotions_at_once_the_second_is_refused(world: World, up: Ups) -> None:
    """It did not know of the other's image; repeated, it does."""
    first = Release(digest="sha256:" + "ab" * 32, tree=OTHER)
    world.meanwhile = lambda: Records(PROD, world.ssm).put(first)

    with pytest.raises(ExplainedError, match="another release of prod was recorded meanwhile") as refused:
        promote(world.context, "prod", up=up)

    assert refused.value.code == REFUSED
    assert (recorded(world), up.of) == ([first], [])
    world.meanwhile = None
    promote(world.context, "prod", up=up)
    assert up.of == ["prod"]
