"""One log record is one line of JSON."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from cams.logs import JsonFormatter, WithoutHealthChecks


def record(message: str, *args: object, exception: bool = False) -> logging.LogRecord:
    """A record as a logger makes it."""
    return logging.LogRecord(
        "exams", logging.WARNING, __file__, 1, message, args, sys.exc_info() if exception else None
    )


def test_a_record_is_one_line_with_its_origin() -> None:
    """Line breaks in a message stay inside its string."""
    line = JsonFormatter("staging", "1.2.3").format(record("first\nsecond %s", "é"))

    entry = json.loads(line)
    assert "\n" not in line
    assert entry.pop("time").endswith("+00:00")
    assert entry == {
        "level": "warning",
        "logger": "exams",
        "message": "first\nsecond é",
        "environment": "staging",
        "version": "1.2.3",
    }


def test_a_traceback_travels_in_its_record() -> None:
    """An exception is a field, so that no log collector cuts it into lines."""
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        line = JsonFormatter("dev", "1").format(record("failed", exception=True))

    assert json.loads(line)["exception"].endswith("ZeroDivisionError: division by zero")


@pytest.mark.parametrize(
    ("path", "kept"), [("/health/", False), ("/healthz?x=1", False), ("/api/health/", True), ("/api/exams/", True)]
)
def test_only_the_platforms_checks_are_left_out(path: str, kept: bool) -> None:
    """What people and pipelines ask for is logged."""
    request = record('%s - "%s %s HTTP/%s" %d', "127.0.0.1:1", "GET", path, "1.1", 200)

    assert WithoutHealthChecks().filter(request) is kept
