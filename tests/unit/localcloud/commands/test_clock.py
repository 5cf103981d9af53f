"""`local clock` and `local inbox`, with nothing running."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from localcloud.__main__ import main
from localcloud.inbox import messages
from localcloud.inbox.messages import Message

MOMENT = timedelta(seconds=20)


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A local cloud of its own."""
    monkeypatch.setenv("SLIPWAY_ROOT", str(tmp_path))


def _said(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    return said


@pytest.mark.parametrize(
    ("words", "ahead"),
    [("+3d", timedelta(days=3)), ("+90m", timedelta(minutes=90)), ("+1d12h", timedelta(hours=36))],
)
def test_it_moves_by_what_is_said(words: str, ahead: timedelta, capsys: pytest.CaptureFixture[str]) -> None:
    """In days, hours, minutes, seconds, and these together."""
    assert main(["clock", words, "--json"]) == 0

    moved = datetime.fromisoformat(_said(capsys)["now"]) - datetime.now(UTC)
    assert abs(moved - ahead) < MOMENT


def test_it_moves_to_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    """In UTC where no zone is said; said again it changes nothing, and `reset` takes it back."""
    assert main(["clock", "2099-01-31T08:00", "--json"]) == 0
    assert _said(capsys)["now"].startswith("2099-01-31T08:00")

    assert main(["clock", "reset", "--json"]) == 0
    assert _said(capsys)["ahead_seconds"] == 0


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("yesterday", "say how far, such as +3d"),
        ("-3d", "No such option"),
        ("+3w", "say how far, such as +3d"),
        ("2020-01-01", "it moves forward only"),
        ("+999999999d", "say how far, such as +3d"),
    ],
)
def test_what_it_cannot_move_to_is_wrong_use(words: str, why: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Told, and nothing is moved."""
    assert main(["clock", words]) == 2

    assert why in capsys.readouterr().err
    main(["clock", "--json"])
    assert _said(capsys)["ahead_seconds"] == 0


def test_who_moves_it_is_told_that_nothing_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """Cron jobs are not made up for."""
    main(["clock", "+1m"])

    assert "not running: render and aws" in capsys.readouterr().err


def test_the_inbox_lists_and_shows(capsys: pytest.CaptureFixture[str]) -> None:
    """What was sent, in order; one of them whole; only those that fit."""
    messages.add(Message("email", "AWS", "ops@example.com", "Confirm", "click", "http://127.0.0.1/confirm"))
    messages.add(Message("webhook", "topic", "http://127.0.0.1/hook", "Alarm", "{}", outcome="failed: HTTP 500"))

    main(["inbox", "--json"])
    both: Any = _said(capsys)
    main(["inbox", "--to", "ops@example.com", "--json"])
    one: Any = _said(capsys)
    assert main(["inbox", "show", "1"]) == 0
    shown = capsys.readouterr().out

    assert [(each["number"], each["to"]) for each in both] == [(1, "ops@example.com"), (2, "http://127.0.0.1/hook")]
    assert [each["subject"] for each in one] == ["Confirm"]
    assert "http://127.0.0.1/confirm" in shown
    assert shown.rstrip().endswith("click")


def test_a_message_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """By its number, and when it was waited for in vain."""
    assert main(["inbox", "show", "7"]) == 1
    assert main(["inbox", "--to", "nobody@example.com", "--wait", "0.1"]) == 1

    said = capsys.readouterr().err
    assert "no message 7: the inbox has none of that number" in said
    assert "no message to nobody@example.com: none came within 0.1 s" in said
