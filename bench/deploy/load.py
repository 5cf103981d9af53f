"""Requests at a steady rate, sent by vegeta (MIT, https://github.com/tsenart/vegeta), and what became of each."""

from __future__ import annotations

import csv
import itertools
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

VEGETA = "github.com/tsenart/vegeta/v12@v12.13.0"
UPLOAD_BYTES = 10_000_000
ONE_UPLOAD_IN = 400
ONE_SLOW_IN = 400
TIMEOUT = "60s"


def vegeta() -> str:
    """The program: one on PATH, or built with Go, once."""
    if there := shutil.which("vegeta"):
        return there
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "slipway" / "vegeta"
    if not (program := folder / "vegeta").exists():
        subprocess.run(["go", "install", VEGETA], env=os.environ | {"GOBIN": str(folder)}, check=True)
    return str(program)


@dataclass(frozen=True)
class Answers:
    """What all requests were answered."""

    codes: Counter[str]
    gap: float
    """Seconds: the longest time in which no quick request was served."""
    latencies: tuple[float, float, float]
    """Seconds: median, the 99th of a hundred, the longest, of quick requests."""

    @property
    def total(self) -> int:
        """How many there were."""
        return self.codes.total()

    @property
    def lost(self) -> int:
        """How many were not served."""
        return sum(count for code, count in self.codes.items() if not code.startswith("2"))


class Load:
    """One run of vegeta over kept connections: pages and calls, and among them uploads and long answers."""

    def __init__(self, url: str, folder: Path) -> None:
        self._folder = folder
        self._targets = folder / "targets"
        (folder / "upload").write_bytes(os.urandom(UPLOAD_BYTES))
        (folder / "exam").write_text('{"title": "Asked at a steady rate"}')
        quick = [
            f"GET {url}/api/health/\n",
            f"GET {url}/api/exams/?limit=5\n",
            f"POST {url}/api/exams/\nContent-Type: application/json\n@{folder / 'exam'}\n",
            f"GET {url}/health/\n",
        ]
        upload = f"POST {url}/bench/upload/\nContent-Type: application/octet-stream\n@{folder / 'upload'}\n"
        slow = f"GET {url}/bench/slow/\n"
        many = [quick[number % len(quick)] for number in range(ONE_UPLOAD_IN)]
        many[ONE_UPLOAD_IN // 3], many[2 * ONE_SLOW_IN // 3] = upload, slow
        self._targets.write_text("\n".join(many))

    def most(self, seconds: int) -> float:
        """How many requests a second are served when they are sent as fast as they are answered."""
        quick = self._folder / "quick"
        blocks = self._targets.read_text().split("\n\n")
        quick.write_text("\n\n".join(block.rstrip() for block in blocks if "/bench/" not in block) + "\n")
        out = self._folder / "most.bin"
        self._attack(out, quick, "-rate=0", "-max-workers=16", f"-duration={seconds}s").wait()
        return _read(out).total / seconds

    @contextmanager
    def steady(self, rate: int, seconds: int) -> Iterator[Path]:
        """While this lasts; it goes on to its end."""
        out = self._folder / "steady.bin"
        with self._attack(out, self._targets, f"-rate={rate}", f"-duration={seconds}s", f"-timeout={TIMEOUT}") as run:
            yield out
            run.wait()

    def _attack(self, out: Path, targets: Path, *options: str) -> subprocess.Popen[bytes]:
        words = [
            "attack",
            "-format=http",
            f"-targets={targets}",
            f"-output={out}",
            "-keepalive=true",
            "-max-body=200",
            *options,
        ]
        return subprocess.Popen([vegeta(), *words])


def answers(out: Path) -> Answers:
    """What a run was answered."""
    return _read(out)


def _read(out: Path) -> Answers:
    table = out.with_suffix(".csv")
    subprocess.run([vegeta(), "encode", "--to=csv", f"--output={table}", out], check=True)
    codes, ends, latencies = Counter[str](), [], []
    csv.field_size_limit(2**31 - 1)
    with table.open(newline="") as file:
        for row in csv.reader(file):
            stamp, code, latency, url = int(row[0]), row[1], int(row[2]), row[10]
            codes[code] += 1
            if code.startswith("2") and "/bench/" not in url:
                ends.append(stamp + latency)
                latencies.append(latency)
    ends.sort()
    latencies.sort()
    gap = max((later - earlier for earlier, later in itertools.pairwise(ends)), default=0)
    middle, high = latencies[len(latencies) // 2], latencies[len(latencies) * 99 // 100]
    return Answers(codes, gap / 1e9, (middle / 1e9, high / 1e9, latencies[-1] / 1e9))
