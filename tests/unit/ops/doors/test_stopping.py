"""Asked to end: between pieces of work, or in one that may be broken off."""

from __future__ import annotations

import os
import signal

import pytest

from ops.doors.stopping import StopAskedError, Stopping, on_signals


def test_a_signal_ends_waiting_and_is_remembered() -> None:
    """What was in the way of signals before is back afterwards."""
    before = signal.getsignal(signal.SIGTERM)

    with on_signals() as stopping:
        assert not stopping.wait(0)
        os.kill(os.getpid(), signal.SIGTERM)
        waited = stopping.wait(10)

    assert (waited, stopping.asked) == (True, True)
    assert signal.getsignal(signal.SIGTERM) is before


def test_what_may_be_broken_off_is_and_only_once() -> None:
    """So that what cleans up is left in peace."""
    with on_signals() as stopping:
        with pytest.raises(StopAskedError), stopping.breakable():
            os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)


def test_nothing_is_begun_once_we_were_asked() -> None:
    """It would only be broken off."""
    stopping, begun = Stopping(), []
    stopping.ask()

    with pytest.raises(StopAskedError), stopping.breakable():
        begun.append(1)

    assert begun == []
