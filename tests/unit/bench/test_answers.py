"""What the measurement of deploys makes of vegeta's table."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from bench.deploy.answers import Answers

DIGEST = "ab" * 32
URL = "http://127.0.0.1:10000"


def line(second: float, code: int, path: str, *, after: float = 0.01, body: str = "", error: str = "") -> str:
    """One request as `vegeta encode --to=csv` writes it."""
    told = base64.b64encode(body.encode()).decode()
    return f"{int(second * 1e9)},{code},{int(after * 1e9)},0,0,{error},{told},steady,1,GET,{URL}{path},"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """One that is there to be written."""
    return tmp_path / "steady.csv"


def taken(table: Path, *lines: str) -> Answers:
    """What is made of these."""
    table.write_text("\n".join(lines))
    answers = Answers()
    answers.take(table, DIGEST)
    return answers


def test_all_that_is_not_served_is_lost(table: Path) -> None:
    """Another status than 2xx, no answer, and an upload of which only a part came through."""
    answers = taken(
        table,
        line(1, 200, "/api/health/"),
        line(1, 201, "/api/exams/"),
        line(1, 502, "/api/exams/?limit=5", error="502 Bad Gateway"),
        line(1, 0, "/health/", error="read: connection reset by peer"),
        line(1, 200, "/bench/upload/", body=f'{{"digest": "{DIGEST}"}}'),
        line(1, 200, "/bench/upload/", body='{"digest": "another"}'),
    )

    assert (answers.total, answers.served) == (6, 3)
    assert answers.lost == {
        "/api/exams/: 502 502 Bad Gateway": 1,
        "/health/: 0 read: connection reset by peer": 1,
        "/bench/upload/: 200 cut short": 1,
    }
    assert answers.long == {"/bench/upload/": 1}


def test_a_gap_is_where_nothing_quick_was_served(table: Path) -> None:
    """From one answer's end to the next, whatever failed meanwhile and however long an upload took."""
    answers = taken(
        table,
        line(1.00, 200, "/health/"),
        line(1.10, 502, "/health/"),
        line(1.00, 200, "/bench/upload/", after=0.2, body=DIGEST),
        line(1.30, 200, "/health/"),
        line(1.35, 200, "/health/", after=0.10),
    )

    assert answers.gap() == pytest.approx(0.30)
    assert answers.gap(began=1.32) == pytest.approx(0.14)
    assert answers.gap(began=2) == 0
    assert answers.latency(1) == pytest.approx(0.10)
