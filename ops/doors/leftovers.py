"""The door to what a bucket holds besides its objects: uploads that never ended, and locks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ops.doors import aws
from ops.doors.aws import Clients


@dataclass(frozen=True)
class Unfinished:
    """An upload in parts that was neither completed nor given up."""

    key: str
    upload: str
    began: datetime


class Leftovers:
    """Of one bucket."""

    def __init__(self, clients: Clients, bucket: str) -> None:
        self._s3: Any = clients("s3")
        self._bucket = bucket

    def uploads(self, prefix: str) -> Iterator[Unfinished]:
        """All under keys that begin so."""
        with aws.told(f"cannot see what is being stored in s3://{self._bucket}/{prefix}"):
            for page in self._s3.get_paginator("list_multipart_uploads").paginate(Bucket=self._bucket, Prefix=prefix):
                for one in page.get("Uploads", ()):
                    yield Unfinished(one["Key"], one["UploadId"], one["Initiated"])

    def give_up(self, one: Unfinished) -> None:
        """Its parts are forgotten, and nobody can complete it."""
        with aws.told(f"cannot give up the upload of s3://{self._bucket}/{one.key}"):
            aws.answer(
                lambda: self._s3.abort_multipart_upload(Bucket=self._bucket, Key=one.key, UploadId=one.upload),
                unless=("NoSuchUpload",),
            )

    def locked_until(self, key: str) -> datetime | None:
        """Until when nobody can take its bytes away."""
        with aws.told(f"cannot look at s3://{self._bucket}/{key}"):
            found = aws.answer(
                lambda: self._s3.head_object(Bucket=self._bucket, Key=key), unless=("404", "NoSuchKey")
            )
        until: datetime | None = (found or {}).get("ObjectLockRetainUntilDate")
        return until


def alarms(clients: Clients, names: list[str]) -> dict[str, str] | None:
    """Their states by their names; None where we may not ask."""
    with aws.told("cannot see the alarms"):
        found: Any = aws.answer(lambda: clients("cloudwatch").describe_alarms(AlarmNames=names))
    return None if found is None else {one["AlarmName"]: one["StateValue"] for one in found["MetricAlarms"]}
