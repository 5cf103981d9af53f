"""The companion on a prefix of the backup bucket, as the role *restore* with the rights that are declared for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from console.errors import REFUSED, ExplainedError
from infra import permissions
from infra.names import COMPANION, DROPS
from ops.companion.drops import Prefix
from ops.companion.keeping import InBucket
from ops.companion.memory import Memory, remembering
from ops.doors.objects import bucket
from ops.environments.stacks import load
from tests.support.aws_daemon import Aws, refused, running
from tests.support.companion_fakes import World

STACK = load("staging")
BUCKET = STACK.names.bucket("backups")
REGION = "eu-central-1"
KEY = f"arn:aws:kms:{REGION}:123456789012:key/invented"
ROLES = {"restore": permissions.restore, "backup": permissions.back_up}
As = Callable[[str], Any]


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """An account with the environment's backup bucket."""
    with running(tmp_path_factory.mktemp("aws")) as daemon:
        s3 = daemon.client("s3")
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield daemon


@pytest.fixture(scope="module")
def acting(aws: Aws) -> As:
    """S3 as somebody with exactly the policy of a role."""
    iam, keys = aws.client("iam"), {}
    for who, policy in ROLES.items():
        iam.create_user(UserName=who)
        iam.put_user_policy(UserName=who, PolicyName="own", PolicyDocument=policy(STACK, KEY))
        keys[who] = iam.create_access_key(UserName=who)["AccessKey"]
    return lambda who: aws.client("s3", keys[who])


@pytest.fixture
def drops(aws: Aws) -> Iterator[Any]:
    """A person's S3, who lays dumps down; afterwards nothing is left of them."""
    s3 = aws.client("s3")
    yield s3
    found = s3.list_object_versions(Bucket=BUCKET)
    for one in (*found.get("Versions", ()), *found.get("DeleteMarkers", ())):
        s3.delete_object(Bucket=BUCKET, Key=one["Key"], VersionId=one["VersionId"])


def run(tmp_path: Path, s3: Any, name: str = "one") -> tuple[World, list[str]]:
    """A companion with a memory of that name, once; what became of the dumps that it found."""
    folder = tmp_path / name
    folder.mkdir(exist_ok=True)
    world = World(folder, folder / "state.json")
    with remembering(world.state_file, None) as memory:
        taken = world.companion(memory, Prefix(bucket(lambda _: s3, BUCKET), DROPS)).run(once=True)
    return world, [f"{one.name} {one.outcome}" for one in taken]


def test_a_dump_is_claimed_restored_and_remembered(tmp_path: Path, drops: Any, acting: As) -> None:
    """By the role alone; the same companion does not take it again, one that is laid down anew it does."""
    drops.put_object(Bucket=BUCKET, Key=f"{DROPS}monday.dump", Body=b"SELECT 1")

    world, outcomes = run(tmp_path, acting("restore"))
    again, no_outcomes = run(tmp_path, acting("restore"))

    assert (outcomes, world.restored) == (["monday.dump restored"], [b"SELECT 1"])
    assert (no_outcomes, again.restored, again.services.said) == ([], [], [])
    claims = [one["Key"] for one in drops.list_objects_v2(Bucket=BUCKET, Prefix=DROPS + COMPANION)["Contents"]]
    assert len(claims) == 1
    assert claims[0].startswith("drops/.companion/monday.dump:8:")


def test_it_remembers_in_the_bucket_where_no_disk_stays(tmp_path: Path, drops: Any, acting: As) -> None:
    """By the role alone; the next run knows it, and of two at once the second to write is refused."""
    drops.put_object(Bucket=BUCKET, Key=f"{DROPS}monday.dump", Body=b"SELECT 1")
    objects, world = bucket(lambda _: acting("restore"), BUCKET), World(tmp_path, tmp_path / "unused.json")

    def memory() -> Memory:
        return Memory(InBucket(objects, f"{DROPS}{COMPANION}memory/"))

    late = memory()
    first = world.companion(memory(), Prefix(objects, DROPS)).run(once=True)
    second = world.companion(memory(), Prefix(objects, DROPS)).run(once=True)

    assert ([one.outcome for one in first], second) == (["restored"], [])
    with pytest.raises(ExplainedError, match="another companion is at work"):
        late.stopping("web")


def test_what_another_companion_has_claimed_is_left(tmp_path: Path, drops: Any, acting: As) -> None:
    """Also when that one failed: it stops no service."""
    drops.put_object(Bucket=BUCKET, Key=f"{DROPS}bad.sql", Body=b"bad")

    _, first = run(tmp_path, acting("restore"), "first")
    second, none = run(tmp_path, acting("restore"), "second")

    assert first == ["bad.sql failed"]
    assert (none, second.restored, second.services.said) == ([], [], [])
    assert second.said == ["bad.sql is another companion's"]


def test_an_upload_that_has_not_ended_is_not_taken(tmp_path: Path, drops: Any, acting: As) -> None:
    """Once it is whole it is, in one piece."""
    where = {"Bucket": BUCKET, "Key": f"{DROPS}large.dump"}
    upload = where | {"UploadId": drops.create_multipart_upload(**where)["UploadId"]}
    first = drops.upload_part(**upload, PartNumber=1, Body=b"x" * (5 << 20))["ETag"]

    _, before = run(tmp_path, acting("restore"))
    last = drops.upload_part(**upload, PartNumber=2, Body=b"end")["ETag"]
    parts = [{"PartNumber": 1, "ETag": first}, {"PartNumber": 2, "ETag": last}]
    drops.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    world, after = run(tmp_path, acting("restore"))

    assert (before, after) == ([], ["large.dump restored"])
    assert len(world.restored[0]) == (5 << 20) + 3


def test_the_role_lays_no_dump_down_and_changes_no_claim(drops: Any, acting: As) -> None:
    """What it needs, and nothing more; who writes backups can neither lay one down nor read one."""
    drops.put_object(Bucket=BUCKET, Key=f"{DROPS}kept.sql", Body=b"1")
    restore, backup, new = acting("restore"), acting("backup"), {"Body": b"2", "IfNoneMatch": "*"}
    claim, dump = {"Bucket": BUCKET, "Key": f"{DROPS}{COMPANION}a"}, {"Bucket": BUCKET, "Key": f"{DROPS}kept.sql"}
    restore.put_object(**claim, **new)

    for call, asked in (
        (restore.put_object, {**claim, "Body": b"3"}),
        (restore.delete_object, claim),
        (restore.delete_object, dump),
        (restore.put_object, {**dump, **new}),
        (restore.put_object, {"Bucket": BUCKET, "Key": f"{DROPS}other.sql", **new}),
        (restore.put_object, {"Bucket": BUCKET, "Key": "daily/staging/x", **new}),
        (backup.put_object, {"Bucket": BUCKET, "Key": f"{DROPS}other.sql", **new}),
        (backup.put_object, {**claim, **new}),
        (backup.get_object, dump),
    ):
        refused("AccessDenied", call, **asked)


def test_who_only_writes_backups_is_no_companion(tmp_path: Path, drops: Any, acting: As) -> None:
    """It takes nothing, and stops nothing."""
    drops.put_object(Bucket=BUCKET, Key=f"{DROPS}monday.dump", Body=b"SELECT 1")

    with pytest.raises(ExplainedError, match="no right to its claims") as caught:
        run(tmp_path, acting("backup"))

    assert caught.value.code == REFUSED
