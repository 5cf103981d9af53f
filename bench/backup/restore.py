"""Restores by us and by what people use, of the same database: `python -m bench.backup.restore --help`."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.backup.__main__ import by_shell, by_us
from bench.backup.servers import DATABASES, asked, served
from bench.database.compare import compare
from ops.doors import postgres
from ops.doors.postgres import at
from ops.doors.postgres_programs import programs

OURS = "ours, from S3, compared"
DUMPS = 'pg_dump "$URL" | gzip -1 > "$FILE.gz"; pg_dump -Fc -Z1 "$URL" > "$FILE.dump"'
WAYS = {
    "gunzip | psql": 'gunzip -c "$FILE.gz" | psql -qX -v ON_ERROR_STOP=1 -o /dev/null "$URL"',
    "pg_restore -j 2": 'pg_restore -j 2 -d "$URL" "$FILE.dump"',
}


def restored(url: str, endpoint: str, file: Path, key: str) -> dict[str, Any]:
    """In a process of its own, from the manifest to the statistics."""
    command = [sys.executable, "-m", "bench.backup.restoring", url, endpoint, str(file), key]
    found: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    return found


def main(words: list[str]) -> None:
    """Ratios of one run, since machines differ and are shared."""
    wish = asked(words, runs=1)
    taken: dict[str, list[dict[str, Any]]] = {}
    with postgres.scratch(wish.server, "") as server, tempfile.TemporaryDirectory(prefix="bench-restore-") as home:
        source, file, identity = server.create("bench"), Path(home, "file"), Path(home, "identity")
        DATABASES[wish.of](source, wish.mib << 20)
        by_shell(DUMPS, source, file, wish.server)
        with served(wish.s3, Path(home)) as endpoint:
            backup = by_us(source, endpoint, identity)
            for _ in range(wish.runs):
                server.drop("ours")
                for name, line in WAYS.items():
                    taken.setdefault(name, []).append(by_shell(line, server.create("target"), file, wish.server))
                    server.drop("target")
                taken.setdefault(OURS, []).append(restored(server.create("ours"), endpoint, identity, backup["key"]))
        differ = compare(source, at(server.url, f"{server.run}_ours"), programs(wish.server))
    print(f"PostgreSQL {wish.server}, {wish.of}, backup in {backup['mode']}, {backup['peak_mib']} MiB at its peak")
    told(taken)
    print(f"compared once more, with what it was made of: {differ or 'the same, to the last row, right and comment'}")


def told(taken: dict[str, list[dict[str, Any]]]) -> None:
    """The medians, and what is promised of them."""
    median = {name: statistics.median(one["seconds"] for one in all_) for name, all_ in taken.items()}
    for name, seconds in median.items():
        print(f"{name:<26} {seconds:7.2f} s")
    ours = taken[OURS]
    print(
        f"  of it, until it was loaded {ours[0]['loaded']:.2f} s, until it was compared {ours[0]['compared']:.2f} s"
    )
    print(f"than gunzip | psql         {median['gunzip | psql'] / median[OURS]:.2f} times as fast   (at least 2)")
    print(f"than pg_restore -j 2       {median['pg_restore -j 2'] / median[OURS]:.2f} times as fast")
    print(f"peak of our process        {max(one['peak_mib'] for one in ours)} MiB   (at most 256)")
    print(f"differences                {[line for one in ours for line in one['differ']]}")


if __name__ == "__main__":
    main(sys.argv[1:])
