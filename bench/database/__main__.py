"""`python -m bench.database URL [MIB] [SEED]`: fill an empty database."""

from __future__ import annotations

import sys
import time

import psycopg

from bench.database.make import make


def main() -> None:
    """Say how large it became, and how long it took."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    url, mib, seed = sys.argv[1], int((*sys.argv, "64")[2]), int((*sys.argv, "", "1")[3] or 1)
    began = time.monotonic()
    make(url, mib << 20, seed)
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    print(f"{(row[0] if row else 0) / (1 << 20):.0f} MiB in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
