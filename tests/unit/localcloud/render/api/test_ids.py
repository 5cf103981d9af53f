"""Ids and timestamps look like Render's."""

from __future__ import annotations

import re

import pytest

from localcloud.render.api import ids


def test_ids_are_distinct() -> None:
    """A thousand ids are distinct and of Render's shape."""
    made = [ids.new("srv") for _ in range(1000)]

    assert len(set(made)) == 1000
    assert all(re.fullmatch(r"srv-[0-9a-v]{20}", key) for key in made)


@pytest.mark.parametrize(
    ("stamp", "read"),
    [
        ("2026-06-08T20:02:02.497912963Z", "2026-06-08T20:02:02.497913Z"),
        ("2025-05-14T15:40:59.893610000Z", "2025-05-14T15:40:59.89361Z"),
        ("2025-05-14T15:40:59.000000000Z", "2025-05-14T15:40:59Z"),
        ("2025-05-14T15:40:59.999999999Z", "2025-05-14T15:41:00Z"),
        ("2025-05-14T15:40:59.893610Z", "2025-05-14T15:40:59.89361Z"),
    ],
)
def test_later_reads_show_microseconds(stamp: str, read: str) -> None:
    """Nanoseconds are rounded to microseconds, without zeros at the end."""
    assert ids.micros(stamp) == read


def test_now_has_nanoseconds() -> None:
    """Nine digits, and UTC."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z", ids.now())
