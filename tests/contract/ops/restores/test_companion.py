"""The companion with a real PostgreSQL: dumps that are laid down become the live database, or change nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ops.companion.memory import remembering
from ops.companion.opening import restoring
from ops.companion.work import Companion
from ops.doors.postgres import environment
from ops.doors.postgres_programs import programs
from tests.contract.ops.restores.conftest import World
from tests.support.companion_fakes import World as Laid


@pytest.fixture
def laid(tmp_path: Path) -> Laid:
    """A folder that is watched."""
    (tmp_path / "drops").mkdir()
    return Laid(tmp_path / "drops", tmp_path / "state.json")


def dump(world: World, *words: str) -> bytes:
    """What pg_dump makes of the live database."""
    command = [str(programs("16") / "pg_dump"), *words]
    return subprocess.run(command, env=dict(environment(world.url)), capture_output=True, check=True).stdout


def run(world: World, laid: Laid) -> list[str]:
    """Once; the outcomes."""
    with remembering(laid.state_file, laid.folder) as memory:
        companion: Companion = laid.companion(memory)
        companion.restore = restoring(world.place)
        return [taken.outcome for taken in companion.run(once=True)]


@pytest.mark.parametrize(("name", "words"), [("a.sql", ()), ("b.dump", ("-Fc",)), ("c.db", ("-Fc", "-Z0"))])
def test_a_dump_becomes_the_live_database(world: World, laid: Laid, name: str, words: tuple[str, ...]) -> None:
    """Without maintenance, as the services are stopped; what was live is kept."""
    laid.lay(name, dump(world, *words))
    world.do("DELETE FROM attempts")

    outcomes = run(world, laid)

    assert outcomes == ["restored"]
    assert world.rows("SELECT count(*) FROM attempts") == [(3000,)]
    assert laid.services.said == ["stop worker", "stop web", "start web", "start worker"]
    assert len(world.databases()) == 2


def test_what_cannot_be_restored_changes_nothing(world: World, laid: Laid) -> None:
    """A dump that is cut off leaves the live database as it is, the services running, and nothing beside."""
    whole = dump(world, "-Fc")
    laid.lay("cut.dump", whole[: len(whole) // 2])
    laid.lay("cut.sql", dump(world)[:-2000])
    laid.lay("text.sql", b"SELECT nothing FROM nowhere;")

    outcomes = run(world, laid)

    assert outcomes == ["failed", "failed", "failed"]
    assert world.rows("SELECT count(*) FROM attempts") == [(3000,)]
    assert all(laid.services.running.values())
    assert world.databases() == {world.live}


def test_one_database_of_before_is_kept(world: World, laid: Laid) -> None:
    """The next dump that is whole takes its place: they do not pile up."""
    laid.lay("first.sql", dump(world))
    assert run(world, laid) == ["restored"]
    world.do("DELETE FROM attempts")
    laid.lay("second.sql", dump(world))

    assert run(world, laid) == ["restored"]

    (kept,) = world.databases() - {world.live}
    assert world.rows("SELECT count(*) FROM attempts") == [(0,)]
    assert world.rows("SELECT count(*) FROM attempts", kept) == [(0,)]
