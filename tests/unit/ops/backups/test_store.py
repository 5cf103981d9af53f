"""Which backups there are: what has a manifest, and whose parts lie there as they were stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from console.errors import WRONG_USE, ExplainedError
from ops.backups.create import create
from ops.backups.manifest import Retention, is_id
from ops.backups.store import Kept, Store, retention_of
from tests.support.backup_fakes import NOW, Scene


def kept(retention: Retention, when: datetime) -> Kept:
    """One that was made then."""
    return Kept(f"{when:%Y%m%dT%H%M%SZ}-abcdef", retention, "staging", when, {})


def made(days: int) -> tuple[Scene, list[str]]:
    """A backup a day, the newest last."""
    scene, found = Scene(), []
    for day in range(days):
        scene.now = lambda day=day: NOW + timedelta(days=day)  # type: ignore[misc] # each its own day
        found.append(create(scene.place).id)
    return scene, found


def test_backups_are_listed_newest_first_in_whatever_class_they_are() -> None:
    """From a Friday on: a Monday begins a week, and a first of December a month."""
    scene, ids = made(5)

    found = Store(scene.objects, "staging").backups()

    assert [one.id for one in found] == ids[::-1]
    assert [one.retention for one in found] == ["monthly", "weekly", "daily", "daily", "monthly"]
    assert all(is_id(one.id) and one.size > 0 for one in found)


def test_what_has_no_manifest_is_no_backup() -> None:
    """Parts that a killed run has left are nobody's backup."""
    scene, ids = made(2)
    newest = Store(scene.objects, "staging").backups()[0]
    scene.objects.delete(f"{newest.key}/manifest.json")

    assert [one.id for one in Store(scene.objects, "staging").backups()] == ids[:1]


@pytest.mark.parametrize("content", [None, b"", b"{}", b"cut"])
def test_the_newest_good_one_is_found_behind_a_bad_one(content: bytes | None) -> None:
    """A part that is gone or short, or a manifest that cannot be read: it is said, and the one before is taken."""
    scene, ids = made(2)
    said: list[str] = []
    newest = Store(scene.objects, "staging").backups()[0]
    if content is None:
        scene.objects.delete(f"{newest.key}/archive")
    else:
        scene.objects.stored[f"{newest.key}/{'archive' if content == b'cut' else 'manifest.json'}"] = content

    found, _ = Store(scene.objects, "staging", said.append).find("latest")

    assert found.id == ids[0]
    assert len(said) == 1
    with pytest.raises(ExplainedError):
        Store(scene.objects, "staging").find(ids[1])


def test_one_is_found_by_the_beginning_of_its_name() -> None:
    """One that begins so; none and several are wrong use."""
    scene, ids = made(2)
    store = Store(scene.objects, "staging")

    assert store.find(ids[0][:10])[0].id == ids[0]
    for wrong in ("2026", "1999"):
        with pytest.raises(ExplainedError) as told:
            store.find(wrong)
        assert told.value.code == WRONG_USE


def test_an_environment_without_backups_says_how_to_make_one() -> None:
    """Nothing is there yet."""
    with pytest.raises(ExplainedError, match="staging has no backup"):
        Store(Scene().objects, "staging").newest()


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        ([], "monthly"),
        ([("monthly", 40)], "monthly"),
        ([("monthly", 20)], "weekly"),
        ([("monthly", 20), ("weekly", 2)], "daily"),
        ([("monthly", 20), ("weekly", 9), ("daily", 1)], "weekly"),
        ([("monthly", 1)], "daily"),
    ],
)
def test_the_first_of_a_month_and_of_a_week_are_kept_longer(
    there: list[tuple[Retention, int]], expected: str
) -> None:
    """Today is a Friday, the 27th."""
    found = [kept(retention, NOW - timedelta(days=days)) for retention, days in there]

    assert retention_of(NOW, found) == expected


def test_weeks_are_those_of_the_year_that_they_belong_to() -> None:
    """The first of January may be in the last week of the year before."""
    before, after = datetime(2026, 12, 31, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)

    assert retention_of(after, [kept("weekly", before), kept("monthly", after)]) == "daily"
