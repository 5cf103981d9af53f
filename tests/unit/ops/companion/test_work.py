"""One dump after the other: what is taken, what is left, and that the services always run again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.companion.drops import Prefix
from ops.companion.keeping import InFile
from ops.companion.memory import Memory, remembering
from tests.support.companion_fakes import ServicesFake, World
from tests.support.fake_objects import MemoryObjects


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An empty folder."""
    (tmp_path / "drops").mkdir()
    return World(tmp_path / "drops", tmp_path / "state.json")


@pytest.fixture
def memory(world: World) -> Iterator[Memory]:
    """Of the only companion here."""
    with remembering(world.state_file, world.folder) as one:
        yield one


def outcomes(world: World) -> dict[str, str]:
    """What is remembered, by the file itself."""
    return {one.name: one.outcome for one in Memory(InFile(world.state_file)).state.taken.values()}


def test_a_dump_is_restored_between_a_stop_and_a_start(world: World, memory: Memory) -> None:
    """The last service stops first; all of it is remembered."""
    world.lay("monday.dump")

    (taken,) = world.companion(memory).run(once=True)

    assert (taken.name, taken.outcome, taken.size) == ("monday.dump", "restored", 8)
    assert world.restored == [b"SELECT 1"]
    assert world.services.said == ["stop worker", "stop web", "start web", "start worker"]
    assert outcomes(world) == {"monday.dump": "restored"}
    assert memory.state.stopped == ()


def test_every_kind_is_taken_the_oldest_first(world: World, memory: Memory) -> None:
    """By their names; hidden ones, folders, links and all else are left alone."""
    names = [f"{number}{ending}" for number, ending in enumerate((".sql", ".dump", ".db", ".SQL.GZ", ".db.zst"))]
    for number, name in enumerate(reversed(names)):
        os.utime(world.lay(name, name.encode()), (1000 - number, 1000 - number))
    for name in (".hidden.sql", "notes.txt", "a.dump.part", "x.tar.gz"):
        world.lay(name)
    (world.folder / "folder.sql").mkdir()
    (world.folder / "link.sql").symlink_to(world.folder / "notes.txt")

    world.companion(memory).run(once=True)

    assert world.restored == [name.encode() for name in names]


def test_nothing_is_taken_twice(world: World, memory: Memory) -> None:
    """Neither what succeeded nor what failed, also not by the next companion; one that is touched is."""
    world.lay("good.sql")
    bad = world.lay("bad.sql", b"bad")
    first = world.companion(memory).run(once=True)
    second = world.companion(Memory(InFile(world.state_file))).run(once=True)
    os.utime(bad, (5, 5))

    third = world.companion(Memory(InFile(world.state_file))).run(once=True)

    assert [taken.outcome for taken in first] == ["restored", "failed"]
    assert second == []
    assert [(taken.name, taken.outcome, taken.why) for taken in third] == [
        ("bad.sql", "failed", "cannot restore it: syntax error")
    ]


def test_a_restore_that_fails_leaves_the_services_running(world: World, memory: Memory) -> None:
    """On the database as it was; and the next dump is taken."""
    os.utime(world.lay("a.sql", b"bad"), (1, 1))
    world.lay("b.sql")

    world.companion(memory).run(once=True)

    assert world.services.said == ["stop worker", "stop web", "start web", "start worker"] * 2
    assert all(world.services.running.values())
    assert outcomes(world) == {"a.sql": "failed", "b.sql": "restored"}
    assert any("a.sql is not restored, and will not be tried again until it is touched" in one for one in world.said)


def test_a_file_that_grows_is_left_until_it_is_whole(world: World, memory: Memory) -> None:
    """It was the same for one interval before it is taken."""
    path = world.lay("big.sql", b"one")

    def grows() -> None:
        path.write_bytes(path.read_bytes() + b", two")
        os.utime(path, ns=(0, len(path.read_bytes())))

    world.between = [grows, grows, lambda: None, lambda: None, lambda: None]

    world.companion(memory).run(once=False)

    assert world.restored == [b"one, two, two"]


def test_a_file_that_somebody_has_open_is_left(world: World, memory: Memory) -> None:
    """Also when it did not change for long: a copy may stall."""
    with (world.folder / "slow.sql").open("wb") as file:
        file.write(b"half")
        file.flush()

        left = world.companion(memory).run(once=True)

    assert left == []
    assert world.said == ["still being written, and left: slow.sql"]
    assert [taken.outcome for taken in world.companion(memory).run(once=True)] == ["restored"]


def test_an_empty_file_is_not_taken(world: World, memory: Memory) -> None:
    """Something is to come into it."""
    world.lay("empty.sql", b"")

    assert world.companion(memory).run(once=True) == []


def test_what_somebody_had_stopped_stays_stopped(world: World, memory: Memory) -> None:
    """It is not ours to start."""
    world.services.running["worker"] = False
    world.lay("monday.sql")

    world.companion(memory).run(once=True)

    assert world.services.running == {"web": True, "worker": False}
    assert world.services.said == ["stop web", "start web"]


def test_a_service_that_does_not_stop_ends_the_restore(world: World, memory: Memory) -> None:
    """In bounded time, with nothing restored and all services started."""
    world.services.deaf = {"web"}
    world.lay("monday.sql")

    (taken,) = world.companion(memory).run(once=True)

    assert (taken.outcome, taken.why) == ("failed", "worker, web did not stop within 30 s")
    assert world.restored == []
    assert world.services.said == ["stop worker", "stop web", "start web", "start worker"]


def test_a_service_that_does_not_come_up_is_started_again_and_again(world: World, memory: Memory) -> None:
    """The restore counts as done; what is still down is kept in mind, over the companion's own end."""
    world.services.broken = {"worker"}
    world.lay("monday.sql")

    world.companion(memory).run(once=True)
    kept = Memory(InFile(world.state_file)).state.stopped
    world.services.broken = set()
    world.companion(Memory(InFile(world.state_file))).run(once=True)

    assert kept == ("worker",)
    assert outcomes(world) == {"monday.sql": "restored"}
    assert Memory(InFile(world.state_file)).state.stopped == ()
    assert any(
        one.startswith("warning: worker is not up again: worker did not start within 60 s") for one in world.said
    )


def test_one_that_was_killed_is_made_good_by_the_next(world: World, memory: Memory) -> None:
    """What it had stopped is started, and what it was restoring is not begun again by itself."""

    def killed() -> None:
        world.services.said.clear()
        raise KilledError

    world.lay("monday.sql")
    world.during = killed
    stuck = world.services
    world.services = Unstartable(stuck.running)
    with pytest.raises(KilledError):
        world.companion(memory).run(once=True)
    assert (outcomes(world), Memory(InFile(world.state_file)).state.stopped) == (
        {"monday.sql": "begun"},
        ("worker", "web"),
    )
    world.services, world.during = stuck, lambda: None

    done = world.companion(Memory(InFile(world.state_file))).run(once=True)

    assert done == []
    assert world.services.said == ["start web", "start worker"]
    assert outcomes(world) == {"monday.sql": "interrupted"}
    assert "monday.sql was interrupted" in world.said[-4]
    assert world.said[-1] == "cleared"


class KilledError(BaseException):
    """Nothing goes on after it."""


class Unstartable(ServicesFake):
    """Of a platform on which a dead process starts nothing."""

    def start(self, name: str) -> None:
        """Whoever was killed does not get here."""
        raise KilledError


def test_asked_to_end_it_breaks_off_and_starts_the_services(world: World, memory: Memory) -> None:
    """The dump under way is told as interrupted, and no other is begun."""
    os.utime(world.lay("a.sql"), (1, 1))
    world.lay("b.sql")
    world.during = world.stopping.ask

    (taken,) = world.companion(memory).run(once=False)

    assert (taken.name, taken.outcome) == ("a.sql", "interrupted")
    assert world.restored == []
    assert all(world.services.running.values())
    assert outcomes(world) == {"a.sql": "interrupted"}


def test_objects_are_taken_at_once_and_by_one_companion(world: World, memory: Memory, tmp_path: Path) -> None:
    """An object is whole when it is there; who claims it first has it."""
    objects, other = MemoryObjects(), World(world.folder, tmp_path / "other.json")
    objects.put("in/monday.dump.gz", [b"packed"])
    objects.put("in/deeper/no.sql", [b"no"])
    objects.put("elsewhere.sql", [b"no"])

    mine = world.companion(memory, Prefix(objects, "in/")).run(once=True)
    others = other.companion(Memory(InFile(other.state_file)), Prefix(objects, "in/")).run(once=True)

    assert [(one.name, one.outcome) for one in mine] == [("monday.dump.gz", "restored")]
    assert (world.restored, world.time) == ([b"packed"], 5)
    assert (others, other.restored, other.services.said) == ([], [], [])
    assert outcomes(other) == {"monday.dump.gz": "another's"}
