"""A local AWS with an environment's two buckets, and its identities with their own rights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from infra import permissions
from ops.doors.media_bucket import S3Bucket
from ops.doors.media_store import BucketStore
from ops.doors.objects import S3Objects
from ops.environments.stacks import load
from tests.support.aws_daemon import Aws, running

REGION = "eu-central-1"
KEY = f"arn:aws:kms:{REGION}:123456789012:key/invented"
STACK = load("staging")
MEDIA, BACKUPS = STACK.names.bucket("media"), STACK.names.bucket("backups")


@dataclass
class Identity:
    """What somebody sees of the two buckets."""

    s3: Any

    @property
    def bucket(self) -> S3Bucket:
        return S3Bucket(self.s3, MEDIA)

    @property
    def store(self) -> BucketStore:
        return BucketStore(S3Objects(self.s3, BACKUPS), "media/")


@pytest.fixture(scope="package")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """One daemon for the folder."""
    with running(tmp_path_factory.mktemp("aws")) as daemon:
        yield daemon


@pytest.fixture
def admin(aws: Aws) -> Iterator[Any]:
    """The administrator's S3, with both buckets, empty and versioned."""
    s3 = aws.client("s3")
    for name in (MEDIA, BACKUPS):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    yield s3
    for name in (MEDIA, BACKUPS):
        found = s3.list_object_versions(Bucket=name)
        for one in (*found.get("Versions", ()), *found.get("DeleteMarkers", ())):
            s3.delete_object(Bucket=name, Key=one["Key"], VersionId=one["VersionId"])
        s3.delete_bucket(Bucket=name)


@pytest.fixture
def acting(aws: Aws, admin: Any, request: pytest.FixtureRequest) -> Callable[[str], Identity]:
    """An identity with exactly the rights that the infrastructure declares."""
    iam = aws.client("iam")
    policies = {"backup": permissions.back_up, "restore": permissions.restore}

    def made(who: str) -> Identity:
        name = f"{request.node.name[:40]}-{who}"
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=policies[who](STACK, KEY))
        return Identity(aws.client("s3", iam.create_access_key(UserName=name)["AccessKey"]))

    return made
