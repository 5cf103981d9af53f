"""One restore of ours, in a process of its own, compared and analysed: what it took is told on stdout."""

from __future__ import annotations

import json
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import boto3

from bench.backup.servers import BUCKET, KEY, REGION
from ops.backups import contents, keys
from ops.backups.manifest import parse
from ops.doors import postgres, postgres_databases
from ops.doors.objects import S3Objects
from ops.doors.postgres_restore import restorer
from ops.restores.comparing import reading
from ops.restores.loading import Load, Target


def main() -> None:
    """`URL ENDPOINT FILE KEY`: into that empty database, by the identity in that file."""
    url, endpoint, file, key = sys.argv[1:5]
    session = boto3.Session(KEY, KEY, region_name=REGION)
    client: Any = session.client("s3", endpoint_url=endpoint)
    objects = S3Objects(client, BUCKET)
    began = time.perf_counter()
    manifest = parse(objects.get(key), key)
    opener = keys.key(None, None, Path(file))  # type: ignore[arg-type] # nothing but the file is asked
    with postgres_databases.databases(url) as databases:
        target = Target(url, databases.major, frozenset(databases.roles()), superuser=True, rows=postgres.rows)
        tool = restorer(databases.major, 0)
        with reading(url, 2) as there, ThreadPoolExecutor(1) as beside:
            tick = partial(_tick, began)
            Load(manifest, objects, opener.identities, tool, target, say=tick, loaded=there.begin).run()
            loaded = time.perf_counter() - began
            analyzed = beside.submit(databases.analyze, postgres_databases.database_of(url))
            found = there.contents()
            analyzed.result()
        differ = contents.differences(contents.Contents.model_validate(manifest.contents), found)
        compared = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    seconds = time.perf_counter() - began
    told = {"seconds": seconds, "loaded": loaded, "compared": compared, "differ": differ, "peak_mib": peak}
    print(json.dumps(told))


def _tick(began: float, text: str) -> None:
    print(f"{time.perf_counter() - began:.2f} {text}", file=sys.stderr)


if __name__ == "__main__":
    main()
