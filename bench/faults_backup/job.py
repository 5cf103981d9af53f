"""`python -m bench.faults_backup.job backup|restore URL S3-PORT KEY-FILE single|parts`: one of them, as a process."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from console.errors import ExplainedError
from infra.load import from_file
from ops.backups import create, keys, shape
from ops.backups.place import RECIPIENTS, Place
from ops.backups.store import Store
from ops.context import Context
from ops.doors import upload
from ops.doors.cloud import JOB, Cloud
from ops.doors.objects import S3Objects
from ops.restores import checks, restoring
from ops.restores.means import USUAL
from ops.restores.restoring import Wish

BUCKET, PART = "backups", 48 << 10


class Nothing:
    """A service that takes all and says nothing."""

    def put_metric_data(self, **given: Any) -> None:
        """CloudWatch's."""


def place(url: str, port: int, key: Path) -> Place:
    """Of staging, with a bucket at that port."""
    config = Config(
        s3={"addressing_style": "path"}, connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 2}
    )
    session = boto3.Session("invented", "invented", region_name="eu-central-1")
    s3: Any = session.client("s3", endpoint_url=f"http://127.0.0.1:{port}", config=config)
    recipient = keys.key(from_file("staging"), lambda service: None, key).recipients[0]
    cloud = Cloud({JOB: "1", "DATABASE_URL": url, RECIPIENTS: recipient}, is_local=True)
    clients = lambda service: s3 if service == "s3" else Nothing()  # noqa: E731 - it is what boto3 gives
    return Place(Context(), cloud, from_file("staging"), clients, S3Objects(s3, BUCKET))


def make_it_small(mode: str) -> None:
    """So that a small database is stored in many parts, of the upload and of the backup."""
    upload.SMALLEST = PART
    if mode == "parts":
        shape.WORTH = 1 << 13
        vars(create)["shape_of"] = partial(shape.shape_of, from_bytes=0)


def main() -> None:
    """The real thing; only the maintenance, which is asked of Render, is taken for on."""
    what, url, port, key, mode = sys.argv[1:]
    make_it_small(mode)
    there = place(url, int(port), Path(key))
    try:
        if what == "backup":
            print(create.create(there).id)
            return
        vars(checks)["disk_bytes"] = lambda place: 0
        database = url.rpartition("/")[2]
        store = Store(there.objects, "staging")
        wanted = next(one.id for one in store.backups() if store.manifest(one).mode == mode)
        wish = Wish(wanted, in_place=True, yes=True, database=database, key=Path(key))
        restoring.restore(there, wish, replace(USUAL, quiet=lambda place: None))
    except ExplainedError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
