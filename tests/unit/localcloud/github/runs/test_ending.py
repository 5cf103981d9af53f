"""A job that is to end: told, told again, killed with all that it has started."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from localcloud.github.runs.ending import end
from localcloud.machine.process import Process
from tests.support.waiting import eventually

# As act does: the step leads a session of its own.
ACT = """
import subprocess, sys
step = subprocess.Popen(["sh", "-c", sys.argv[1]], start_new_session=True)
sys.exit(step.wait() and 1)
"""
DEAF = "trap '' INT TERM HUP; sh -c 'echo $$ >FILE; while :; do sleep 0.05; done'"
POLITE = "trap 'echo well >FILE.end; exit 130' INT; echo $$ >FILE; while :; do sleep 0.05; done"


def living(pid: int) -> bool:
    """Whether that process still does anything; who is to take note of its end may be slow."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize(("step", "ends_well"), [(POLITE, True), (DEAF, False)])
def test_a_step_is_interrupted_first_and_killed_last(tmp_path: Path, step: str, ends_well: bool) -> None:
    """One that listens ends by itself; of one that does not nothing is left."""
    file = tmp_path / "pid"
    with subprocess.Popen([sys.executable, "-c", ACT, step.replace("FILE", str(file))]) as act:
        pid = int(eventually(lambda: file.exists() and file.read_text().strip()))

        end(Process("job", act.pid, 0.0), interrupt=5.0 if ends_well else 0.1, terminate=0.1, always=5.0)

        assert act.wait(5) == 1
    assert not living(pid)
    assert (tmp_path / "pid.end").exists() == ends_well
