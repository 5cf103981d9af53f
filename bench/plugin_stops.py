"""How often a plugin that is told to end does not: `python -m bench.plugin_stops [STARTS]`.

Half of them are hit by SIGTERM at a random microsecond, of their start or just after it; the others are stopped as
the engine does it. Half are copies of a process that was preloaded, as in an `up`. One that still runs, or whose
output somebody still holds open, after ten seconds is a hang: the engine would wait for it for ever.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench.workspace import ROOT

STARTS = 3000
SEED = 20261126
AT_ONCE = 4
HANG_SECONDS = 10.0
ENGINE_SECONDS = 5.0  # what the engine gives a plugin after SIGINT
START_SECONDS = 0.6
JUST_AFTER_SECONDS = 0.003
PLUGIN = ["-m", "localcloud.plugins", "random"]
LOADED = ("pulumi_plugin.server", "localcloud.plugins.random.provider")


@dataclass(frozen=True)
class Stop:
    """How one start ended."""

    seconds: float
    killed: bool = False
    hung: bool = False


def main() -> None:
    """Start and stop them, several at once; a hang is a failure."""
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else STARTS
    chance = random.Random(SEED)  # noqa: S311 - the same moments in each run
    moments = [chance.random() for _ in range(starts)]
    with _preloaded() as address, ThreadPoolExecutor(AT_ONCE) as pool:
        stops = list(pool.map(lambda number: _start_and_stop(number, moments[number], address), range(starts)))
    hangs = [number for number, stop in enumerate(stops) if stop.hung]
    print(f"starts and stops          {starts}, seed {SEED}")
    print(f"killed by the engine      {sum(stop.killed for stop in stops)}")
    print(f"longest stop              {max(stop.seconds for stop in stops):.2f} s")
    print(f"hangs                     {len(hangs)} (at most 0)")
    if hangs:
        sys.exit(f"these hung: {hangs}")


@contextmanager
def _preloaded() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as folder:
        address = f"{folder}/socket"
        command = [sys.executable, "-m", "pulumi_plugin.preload", address, str(os.getpid()), *LOADED]
        with subprocess.Popen(command, cwd=ROOT) as preloader:
            try:
                while not Path(address).exists():
                    time.sleep(0.02)
                yield address
            finally:
                preloader.terminate()


def _start_and_stop(number: int, moment: float, address: str) -> Stop:
    copied, struck, early = number % 2 == 0, number // 2 % 2 == 0, number // 4 % 2 == 0
    start = ["-I", "-S", "pulumi_plugin/start.py"] if copied else ["-u"]
    environment = os.environ | {"SLIPWAY_PRELOAD": address}
    pipe = subprocess.PIPE
    # As the engine: a process group of its own, both outputs read to their ends.
    plugin = subprocess.Popen(
        [sys.executable, *start, *PLUGIN],
        cwd=ROOT,
        env=environment,
        stdout=pipe,
        stderr=pipe,
        bufsize=0,
        process_group=0,
    )
    if struck and early:
        time.sleep(moment * START_SECONDS * (0.2 if copied else 1))
        return _stop(plugin, signal.SIGTERM, HANG_SECONDS)
    if plugin.stdout is None or not plugin.stdout.readline():
        sys.exit(f"the plugin did not start: {plugin.communicate()[1].decode()}")
    time.sleep(moment * JUST_AFTER_SECONDS)
    return _stop(plugin, signal.SIGTERM, HANG_SECONDS) if struck else _stop(plugin, signal.SIGINT, ENGINE_SECONDS)


def _stop(plugin: subprocess.Popen[bytes], number: signal.Signals, patience: float) -> Stop:
    began = time.monotonic()
    for attempt in (number, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(plugin.pid, attempt)
        with suppress(subprocess.TimeoutExpired):
            plugin.communicate(timeout=patience)
            taken = time.monotonic() - began
            killed = attempt == signal.SIGKILL
            return Stop(taken, killed=killed, hung=killed and number == signal.SIGTERM)
        patience = HANG_SECONDS
    return Stop(time.monotonic() - began, killed=True, hung=True)


if __name__ == "__main__":
    main()
