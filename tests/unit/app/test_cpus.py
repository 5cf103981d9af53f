"""How many CPUs a container may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cams.cpus import usable_cpus

BOUND = len(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("limit", "cpus"),
    [("50000 100000", 1), ("100000 100000", 1), ("6400000 100000", BOUND), ("max 100000", BOUND), ("", BOUND)],
    ids=["half a CPU", "one", "more than there are", "no limit", "unreadable"],
)
def test_the_quota_limits_the_cpus(tmp_path: Path, limit: str, cpus: int) -> None:
    """A container's quota counts where it is lower than the machine, and half a CPU is one worker."""
    file = tmp_path / "cpu.max"
    file.write_text(limit)

    assert usable_cpus(file) == cpus


def test_without_control_groups_the_machine_counts(tmp_path: Path) -> None:
    """A missing file means no limit."""
    assert usable_cpus(tmp_path / "none") == BOUND
