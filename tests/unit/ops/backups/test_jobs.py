"""How much is done side by side on machines of any size."""

from __future__ import annotations

import os

import pytest

from ops.backups.jobs import usual_jobs


@pytest.mark.parametrize(("cores", "wanted"), [(None, 2), (1, 2), (2, 2), (3, 3), (64, 3)])
def test_a_container_that_sees_many_cores_does_not_use_them_all(
    cores: int | None, wanted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is a connection there and memory here."""
    monkeypatch.setattr(os, "cpu_count", lambda: cores)

    assert usual_jobs() == wanted
