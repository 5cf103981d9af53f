"""A memory in a bucket, where no disk stays: written once a change, and one run's at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.errors import REFUSED, ExplainedError
from ops.companion.drops import Drop, Prefix
from ops.companion.keeping import InBucket
from ops.companion.memory import Memory
from ops.companion.work import ENDING_SECONDS
from tests.support.companion_fakes import World
from tests.support.fake_objects import MemoryObjects

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
DROP = Drop("a.sql", 3, "17")


def memory(objects: MemoryObjects) -> Memory:
    """Of a run that begins now."""
    return Memory(InBucket(objects, "in/.companion/memory/"))


@pytest.fixture
def objects() -> MemoryObjects:
    """A bucket."""
    return MemoryObjects("drops")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Services and a database."""
    return World(tmp_path, tmp_path / "unused.json")


def test_the_next_run_knows_what_the_last_one_did(objects: MemoryObjects) -> None:
    """Who it is, too; each change is an object of its own."""
    first = memory(objects)
    first.stopping("web")
    first.note(DROP, "begun", NOW)

    second = memory(objects)

    assert (second.state, second.busy, second.knows(DROP)) == (first.state, True, True)
    assert [one.key.rpartition("/")[2] for one in objects.list("in/")] == [
        "0000000001.json",
        "0000000002.json",
        "0000000003.json",
    ]


def test_of_two_runs_the_second_to_write_is_refused(objects: MemoryObjects) -> None:
    """Before it does what it wanted to remember; what it knew is as it was."""
    first, second = memory(objects), memory(objects)
    first.note(DROP, "begun", NOW)

    with pytest.raises(ExplainedError, match="another companion is at work with s3://drops/in/") as caught:
        second.note(DROP, "begun", NOW)

    assert caught.value.code == REFUSED
    assert not second.knows(DROP)


def test_a_write_whose_answer_was_lost_is_ours(objects: MemoryObjects, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is there, with our words."""
    one, put = memory(objects), objects.put

    def lost(key: str, chunks: list[bytes]) -> None:
        put(key, chunks)
        raise ExplainedError("cannot write", "the connection is gone")

    monkeypatch.setattr(objects, "put", lost)
    one.stopping("web")

    assert memory(objects).state.stopped == ("web",)


def test_a_restore_that_fails_to_be_remembered_stops_nothing(objects: MemoryObjects, world: World) -> None:
    """The other one takes the dump."""
    objects.put("in/a.sql", [b"SELECT 1"])
    mine = memory(objects)
    memory(objects).stopping("worker")

    with pytest.raises(ExplainedError, match="another companion is at work"):
        world.companion(mine, Prefix(objects, "in/")).run(once=True)

    assert (world.services.said, world.restored) == ([], [])


def test_a_run_that_may_still_be_ending_is_waited_for(objects: MemoryObjects, world: World) -> None:
    """It ended: what it noted last counts, and nothing was interrupted."""
    old = memory(objects)
    old.note(DROP, "begun", NOW)
    new = memory(objects)
    companion = world.companion(new, Prefix(objects, "in/"))
    passed, wait = [0.0], companion.wait

    def ends(seconds: float) -> bool:
        passed[0] += seconds
        if passed[0] == 5:
            old.note(DROP, "restored", NOW)
        return wait(seconds)

    companion.wait = ends
    companion.recover()

    assert new.state.taken[DROP.identity].outcome == "restored"
    assert world.time == 5
    assert "cleared" not in world.said


def test_one_that_was_killed_is_not_waited_for_longer(objects: MemoryObjects, world: World) -> None:
    """Then its services run again, and its dump is not repeated."""
    old = memory(objects)
    old.stopping("web")
    old.note(DROP, "begun", NOW)
    world.services.running["web"] = False
    new = memory(objects)

    world.companion(new, Prefix(objects, "in/")).recover()

    assert new.state.taken[DROP.identity].outcome == "interrupted"
    assert (new.state.stopped, world.services.said) == ((), ["start web"])
    assert world.time == ENDING_SECONDS
    assert "cleared" in world.said


def test_who_is_asked_to_end_while_it_waits_leaves_all_as_it_is(objects: MemoryObjects, world: World) -> None:
    """Whoever comes next finds it."""
    memory(objects).stopping("web")
    world.stopping.ask()

    world.companion(memory(objects), Prefix(objects, "in/")).run(once=False)

    assert memory(objects).state.stopped == ("web",)
    assert world.services.said == []
