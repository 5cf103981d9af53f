"""A restore to a moment: what is asked of Render, and what is refused before that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from console.errors import REFUSED, WRONG_USE, ExplainedError
from ops.restores.recovery import Recovered, parsed, recover
from render_api.errors import NotFound, RefusedError, RenderError, UnreachableError
from tests.unit.ops.restores.scene import NOW, Scene

MOMENT = datetime(2026, 11, 27, 2, 55, tzinfo=UTC)
NAME = "cams-staging-db-20261127t025500"


def test_render_is_asked_for_a_new_instance_and_waited_for() -> None:
    """Of this environment's own database, by a name that tells of when it is; each state is said once."""
    scene, waited = Scene(), list[float]()
    scene.render.states.insert(0, "creating")

    made = recover(scene.place, MOMENT, waited.append)

    assert made == Recovered("dpg-2", "the new one", "available")
    assert scene.render.asked == [
        ("/postgres/dpg-1/recovery", {"restoreTime": "2026-11-27T02:55:00Z", "restoreName": NAME})
    ]
    assert len(waited) == 3
    assert scene.said.getvalue().splitlines() == [
        "slipway: the new one: creating",
        "slipway: the new one: recovery_in_progress",
        "slipway: the new one: available",
    ]


def test_the_same_command_goes_on_with_the_instance_that_it_made_before() -> None:
    """One that was cut off makes no second one."""
    scene = Scene()
    scene.render.there[NAME] = "dpg-2"

    assert recover(scene.place, MOMENT, lambda seconds: None).id == "dpg-2"
    assert scene.render.asked == []


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-27T02:55:00Z", MOMENT),
        ("2026-11-27 02:55", MOMENT),
        ("2026-11-27T04:55:00+02:00", MOMENT),
    ],
)
def test_a_moment_without_a_zone_is_of_utc(text: str, moment: datetime) -> None:
    """As all times of Slipway are."""
    assert parsed(text) == moment


def test_what_is_no_moment_is_wrong_use() -> None:
    """With one as it should be."""
    with pytest.raises(ExplainedError, match="`noon` is no time as 2026-11-27T06:30:00Z is one") as wrong:
        parsed("noon")

    assert wrong.value.code == WRONG_USE


@pytest.mark.parametrize(
    ("moment", "recovery", "why", "code"),
    [
        (NOW + timedelta(seconds=1), None, "is still to come", WRONG_USE),
        (datetime(2026, 11, 24, 6, 59, tzinfo=UTC), None, "Render goes back to 2026-11-24T07:00:00Z", REFUSED),
        (MOMENT, {"recoveryStatus": "BACKUP_NOT_READY"}, "recovery: BACKUP_NOT_READY", REFUSED),
        (MOMENT, {"recoveryStatus": "NOT_AVAILABLE"}, "recovery: NOT_AVAILABLE", REFUSED),
        (MOMENT, NotFound("GET", "no such path", status=404), "the local cloud has no point-in-time recovery", 1),
        (MOMENT, RefusedError("GET", "not implemented", status=501), "has it for paid databases", 1),
        (MOMENT, RefusedError("GET", "no such plan", status=402), r"no such plan \(HTTP 402\)", 1),
        (MOMENT, UnreachableError("GET", "nobody answers"), "nobody answers", 1),
    ],
)
def test_what_render_cannot_recover_is_told_and_not_asked_for(
    moment: datetime, recovery: dict[str, str] | RenderError | None, why: str, code: int
) -> None:
    """Nothing is made."""
    scene = Scene()
    if recovery is not None:
        scene.render.recovery = recovery

    with pytest.raises(ExplainedError, match=why) as refused:
        recover(scene.place, moment)

    assert refused.value.code == code
    assert scene.render.asked == []


def test_where_there_is_no_recovery_a_backup_is_named_instead() -> None:
    """By the command that restores it."""
    scene = Scene()
    scene.render.recovery = NotFound("GET", "no such path", status=404)

    with pytest.raises(ExplainedError, match=r"hint: \./slipway restore db staging restores the newest backup"):
        recover(scene.place, MOMENT)


@pytest.mark.parametrize("given", [True, False], ids=["another address", "not there"])
def test_a_database_that_render_does_not_know_is_told(given: bool) -> None:
    """One by DATABASE_URL is not Render's to recover; neither is one whose name only begins alike."""
    scene = Scene()
    if given:
        scene.variables["DATABASE_URL"] = "postgresql://there/other"
    else:
        del scene.render.there["cams-staging-db"]

    with pytest.raises(ExplainedError, match="Render knows no database of it"):
        recover(scene.place, MOMENT)


@pytest.mark.parametrize("states", [["creating", "recovery_failed"], ["creating"] * 360], ids=["failed", "too long"])
def test_an_instance_that_does_not_come_is_told(states: list[str]) -> None:
    """With its id and Render's last word, after an hour at the latest."""
    scene = Scene()
    scene.render.states, last = list(states), states[-1]

    with pytest.raises(ExplainedError, match=f"dpg-2 is not there: Render says: {last}"):
        recover(scene.place, MOMENT, lambda seconds: None)
