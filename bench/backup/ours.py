"""One backup by our own code, in a process of its own: what it took is told on stdout."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import boto3

from bench.backup.servers import BUCKET, KEY, REGION
from ops.backups import keys
from ops.backups.create import Creation
from ops.backups.manifest import new_id
from ops.backups.place import Place, utc
from ops.context import Context
from ops.doors.cloud import JOB, Cloud
from ops.doors.objects import S3Objects
from ops.doors.postgres_dump import Postgres
from ops.environments.stacks import load


def main() -> None:
    """`URL ENDPOINT FILE`: the identity that opens it is written into that file."""
    url, endpoint, file = sys.argv[1:4]
    identity, recipient = keys.generate()
    session = boto3.Session(KEY, KEY, region_name=REGION)
    client: Any = session.client("s3", endpoint_url=endpoint)
    cloud, bucket = Cloud({JOB: "bench"}, is_local=True), S3Objects(client, BUCKET)
    place = Place(Context(), cloud, load("staging"), lambda name: None, bucket)
    started, began = utc(), time.perf_counter()
    manifest = Creation(place, Postgres(url), (recipient,)).make(new_id(started, "000000"), started)
    seconds = time.perf_counter() - began
    Path(file).write_text(identity)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told = {"seconds": seconds, "size": manifest.size, "peak_mib": peak, "key": manifest.key, "mode": manifest.mode}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
