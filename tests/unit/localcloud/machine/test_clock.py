"""The local cloud's clock: ahead by jumps, never back but to the machine's time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.errors import ExplainedError
from localcloud.machine import clock

MOMENT = timedelta(seconds=20)


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A local cloud of its own."""
    monkeypatch.setenv("SLIPWAY_ROOT", str(tmp_path))


def test_it_is_the_machines_until_it_is_moved() -> None:
    """A cloud that nobody has moved lives in the present."""
    assert clock.ahead() == timedelta()
    assert abs(clock.now() - datetime.now(UTC)) < MOMENT


def test_it_goes_on_from_where_it_was_moved_to() -> None:
    """A jump is kept in the file, in whole, and the time goes on after it."""
    aim = datetime.now(UTC) + timedelta(days=3)

    clock.forward(aim)

    assert timedelta() <= clock.now() - aim < MOMENT


def test_it_never_goes_back() -> None:
    """Neither to a time that is past, nor by a smaller jump."""
    clock.forward(datetime.now(UTC) + timedelta(days=3))

    clock.forward(datetime.now(UTC) + timedelta(days=2))
    clock.forward(datetime.now(UTC) - timedelta(days=2))

    assert clock.ahead() > timedelta(days=2, hours=23)


def test_a_moment_before_a_jump_stays_where_it_was() -> None:
    """What a client has signed before is of the time before, also in another jump's second."""
    before = datetime.now(UTC) - timedelta(seconds=2)
    clock.forward(datetime.now(UTC) + timedelta(days=3))
    clock.forward(datetime.now(UTC) + timedelta(days=5))
    signed = datetime.now(UTC).replace(microsecond=0)

    assert clock.virtual_at(before) == before
    assert abs(clock.virtual_at(signed) - signed - timedelta(days=5)) < MOMENT


def test_it_goes_back_to_the_machines_time_when_told() -> None:
    """As if it had never been moved."""
    clock.forward(datetime.now(UTC) + timedelta(days=3))

    clock.reset()

    assert clock.ahead() == timedelta()


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """With the command that mends it."""
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local/clock.json").write_text("[[1]]")

    with pytest.raises(ExplainedError, match=r"hint: \./slipway local clock reset"):
        clock.now()
