"""Requests at a steady rate, sent by vegeta."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.deploy.answers import Answers

VEGETA = "github.com/tsenart/vegeta/v12@v12.13.0"  # MIT, https://github.com/tsenart/vegeta
UPLOAD_BYTES = 10_000_000
SLOW_SECONDS = 20
ROUND = 400  # requests, of which one is an upload, and one takes 20 s
PATIENCE = 60  # seconds for one answer
FASTEST = 16  # that wait for an answer at the same time


def vegeta() -> str:
    """The program: one on PATH, or built with Go, once."""
    if there := shutil.which("vegeta"):
        return there
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "slipway" / "vegeta"
    if not (program := folder / "vegeta").exists():
        subprocess.run(["go", "install", VEGETA], env=os.environ | {"GOBIN": str(folder)}, check=True)
    return str(program)


class Load:
    """Over kept connections: pages and calls, and among them uploads and long answers."""

    def __init__(self, url: str, folder: Path) -> None:
        self._folder = folder
        upload, exam = os.urandom(UPLOAD_BYTES), folder / "exam"
        self._digest = hashlib.sha256(upload).hexdigest()
        (folder / "upload").write_bytes(upload)
        exam.write_text('{"title": "Asked at a steady rate"}')
        quick = [
            f"GET {url}/api/health/\n",
            f"GET {url}/api/exams/?limit=5\n",
            f"POST {url}/api/exams/\nContent-Type: application/json\n@{exam}\n",
            f"GET {url}/health/\n",
        ]
        every = [quick[number % len(quick)] for number in range(ROUND)]
        self._quick = self._targets("quick", every)
        every[ROUND // 3] = (
            f"POST {url}/bench/upload/\nContent-Type: application/octet-stream\n@{folder / 'upload'}\n"
        )
        every[2 * ROUND // 3] = f"GET {url}/bench/slow/?seconds={SLOW_SECONDS}\n"
        self._every = self._targets("every", every)

    def most(self, seconds: int) -> float:
        """How many requests a second are served when they are sent as fast as they are answered."""
        out = self._folder / "most.bin"
        self._attack(out, self._quick, "-rate=0", f"-max-workers={FASTEST}", f"-duration={seconds}s").wait()
        return self._answers(out).served / seconds

    @contextmanager
    def steady(self, rate: int, answers: Answers) -> Iterator[None]:
        """While this lasts; afterwards the answers are there, of all that was sent."""
        out = self._folder / "steady.bin"
        run = self._attack(out, self._every, f"-rate={rate}", "-duration=0", f"-timeout={PATIENCE}s")
        try:
            yield
        finally:
            run.send_signal(signal.SIGINT)  # it sends no more, and waits for what it is owed
            run.wait(2 * PATIENCE)
            answers.take(self._table(out), self._digest)

    def _targets(self, name: str, blocks: list[str]) -> Path:
        path = self._folder / name
        path.write_text("\n".join(blocks))
        return path

    def _attack(self, out: Path, targets: Path, *options: str) -> subprocess.Popen[bytes]:
        words = [
            "attack",
            "-format=http",
            f"-targets={targets}",
            f"-output={out}",
            "-keepalive=true",
            "-max-body=200",
        ]
        return subprocess.Popen([vegeta(), *words, *options], start_new_session=True)

    def _answers(self, out: Path) -> Answers:
        answers = Answers()
        answers.take(self._table(out), self._digest)
        return answers

    def _table(self, out: Path) -> Path:
        table = out.with_suffix(".csv")
        subprocess.run([vegeta(), "encode", "--to=csv", f"--output={table}", out], check=True)
        return table
