"""How many of many `up`s that change nothing never end: `python -m bench.noop_ups [UPS]`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from bench.workspace import ROOT, cloud, run, told, variables

UPS = 300
HANG_SECONDS = 180.0
UP = ["pulumi", "up", "--yes", "--non-interactive", "--expect-no-changes", "--stack", "staging"]


def main() -> None:
    """Bring staging up once, then again and again; a hang or a failure is a failure of the measurement."""
    ups = int(sys.argv[1]) if len(sys.argv) > 1 else UPS
    taken: list[float] = []
    hangs = 0
    with cloud() as env:
        run([sys.executable, "-m", "ops", "up", "staging"], env)
        here = variables(env)
        for number in range(1, ups + 1):
            seconds = _up(here)
            if seconds is None:
                hangs += 1
            else:
                taken.append(seconds)
            print(f"{number} of {ups}: {f'{seconds:.1f} s' if seconds else 'hangs'}", file=sys.stderr, flush=True)
    print(f"no-change ups  {told(taken)}")
    print(f"hangs          {hangs} of {ups} (at most 0)")
    sys.exit(1 if hangs else 0)


def _up(here: dict[str, str]) -> float | None:
    """How long it took; None when it had to be killed."""
    began = time.perf_counter()
    pipe = subprocess.PIPE
    with subprocess.Popen(UP, cwd=ROOT, env=here, stdout=pipe, stderr=subprocess.STDOUT, process_group=0) as up:
        try:
            said, _ = up.communicate(timeout=HANG_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(up.pid, signal.SIGKILL)
            return None
    if up.returncode != 0:
        sys.exit(f"an up failed:\n{said.decode()[-4000:]}")
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
