"""A backup by us and by what people use, of the same database, in turn: `python -m bench.backup --help`."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from bench.backup.servers import DATABASES, asked, served
from ops.doors import postgres
from ops.doors.postgres_programs import programs

OURS = "ours, sealed, to S3"


def by_shell(line: str, url: str, file: Path, version: str) -> dict[str, Any]:
    """What people type."""
    env = {**os.environ, "PATH": f"{programs(version)}:{os.environ['PATH']}", "URL": url, "FILE": str(file)}
    began = time.perf_counter()
    subprocess.run(["bash", "-o", "pipefail", "-c", line], env=env, check=True)
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "size": file.stat().st_size if file.exists() else 0}


def by_us(url: str, endpoint: str, file: Path) -> dict[str, Any]:
    """In a process of its own, from the look at the server to the manifest."""
    command = [sys.executable, "-m", "bench.backup.ours", url, endpoint, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main(words: list[str]) -> None:
    """Ratios of one run, since machines differ and are shared."""
    wish = asked(words, runs=3)
    with postgres.scratch(wish.server, "") as server, tempfile.TemporaryDirectory(prefix="bench-backup-") as home:
        url = server.create("bench")
        DATABASES[wish.of](url, wish.mib << 20)
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        size = int(row[0]) >> 20 if row else 0
        print(
            f"PostgreSQL {wish.server}, {wish.of}, {size} MiB on its disk, S3: {wish.s3}, {wish.runs} runs, in turn"
        )
        ways: dict[str, Callable[[Path], dict[str, Any]]] = {
            "pg_dump | gzip": lambda file: by_shell('pg_dump "$URL" | gzip > "$FILE"', url, file, wish.server),
            "pg_dump -Fc": lambda file: by_shell('pg_dump -Fc "$URL" > "$FILE"', url, file, wish.server),
            "floor: -Fc -Z0 > /dev/null": lambda file: by_shell(
                'pg_dump -Fc -Z0 "$URL" > /dev/null', url, file, wish.server
            ),
        }
        taken: dict[str, list[dict[str, Any]]] = {}
        with served(wish.s3, Path(home)) as endpoint:
            for number in range(wish.runs):
                for name, way in ways.items():
                    file = Path(home, f"{len(taken)}-{number}")
                    taken.setdefault(name, []).append(way(file))
                    file.unlink(missing_ok=True)
                taken.setdefault(OURS, []).append(by_us(url, endpoint, Path(home, "identity")))
    told(taken)


def told(taken: dict[str, list[dict[str, Any]]]) -> None:
    """The medians, and what is promised of them."""
    median = {name: statistics.median(one["seconds"] for one in all_) for name, all_ in taken.items()}
    for name, all_ in taken.items():
        times = " ".join(f"{one['seconds']:.2f}" for one in all_)
        print(f"{name:<28} {median[name]:7.2f} s  {all_[0]['size'] / (1 << 20):7.1f} MiB   ({times})")
    gzip, floor = median["pg_dump | gzip"], median["floor: -Fc -Z0 > /dev/null"]
    ratio = taken[OURS][0]["size"] / taken["pg_dump | gzip"][0]["size"]
    peak = max(one["peak_mib"] for one in taken[OURS])
    print(f"than pg_dump | gzip   {gzip / median[OURS]:.2f} times as fast   (at least 3)")
    print(f"than the floor        {median[OURS] / floor:.2f} times as long   (at most 2)")
    print(f"stored                {ratio:.2f} of gzip's (at most 1)")
    print(f"peak of our process   {peak} MiB   (at most 256)")


if __name__ == "__main__":
    main(sys.argv[1:])
