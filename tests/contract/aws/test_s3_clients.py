"""S3's clients that nobody here wrote, with a session's keys: what is theirs works, another's bucket is refused."""

from __future__ import annotations

import filecmp
import json
from pathlib import Path

import pytest
import requests

from bench.aws_truth.account import REGION
from tests.support.aws_daemon import Aws
from tests.support.foreign_clients import BucketUser

BIG = 11 << 20  # two parts and a rest for every client


@pytest.fixture
def user(aws: Aws, tmp_path: Path) -> BucketUser:
    """A new one for each client, with a file that is sent in parts."""
    (tmp_path / "big").write_bytes(bytes(range(256)) * (BIG // 256))
    return BucketUser(aws, tmp_path)


def same(one: Path, other: Path) -> bool:
    """Whether two files hold the same."""
    return filecmp.cmp(one, other, shallow=False)


def test_the_aws_command_line(user: BucketUser) -> None:
    """In parts and back, listed, shared by a link, deleted."""
    user.run("aws", "s3", "cp", "big", f"s3://{user.bucket}/ä b+c")
    user.run("aws", "s3", "cp", f"s3://{user.bucket}/ä b+c", "back")
    listed = user.run("aws", "s3", "ls", f"s3://{user.bucket}").stdout
    link = user.run("aws", "s3", "presign", f"s3://{user.bucket}/ä b+c").stdout.strip()
    fetched = requests.get(link, timeout=10)
    user.run("aws", "s3", "rm", f"s3://{user.bucket}/ä b+c")

    assert same(user.folder / "big", user.folder / "back")
    assert listed.split(maxsplit=2)[2] == f"{BIG} ä b+c\n"
    assert (fetched.status_code, len(fetched.content)) == (200, BIG)
    assert requests.get(link, timeout=10).status_code == 404
    assert "AccessDenied" in user.run("aws", "s3", "cp", "big", f"s3://{user.foreign}/big", fails=True).stderr


def test_rclone(user: BucketUser) -> None:
    """Copied in parts, checked, synchronised back."""
    # Before 1.62 the provider AWS put the bucket before the host, whatever was asked: an address that is a number
    # cannot have that.
    options = f"provider=Other,env_auth=true,endpoint='{user.url}',region={REGION},no_check_bucket=true"
    # It names the ACL `private` by default, which S3 refuses where ACLs are disabled.
    remote = f":s3,{options},force_path_style=true,acl=bucket-owner-full-control"
    split = ("--s3-chunk-size", "5M", "--s3-upload-cutoff", "5M")
    once = ("--retries", "1", "--low-level-retries", "1")
    user.run("rclone", "copy", *once, *split, "big", f"{remote}:{user.bucket}/a")
    user.run("rclone", "check", *once, "--include", "big", ".", f"{remote}:{user.bucket}/a")
    user.run("rclone", "sync", *once, f"{remote}:{user.bucket}/a", "back")

    assert same(user.folder / "big", user.folder / "back/big")
    assert (
        "status code: 403"
        in user.run("rclone", "copy", *once, "big", f"{remote}:{user.foreign}/a", fails=True).stderr
    )


def test_restic(user: BucketUser) -> None:
    """A repository is made, filled, checked with its data, and given back."""
    secret = {"RESTIC_PASSWORD": "one two three", "RESTIC_REPOSITORY": f"s3:{user.url}/{user.bucket}/restic"}
    user.run("restic", "init", variables=secret)
    user.run("restic", "backup", "big", variables=secret)
    user.run("restic", "check", "--read-data", variables=secret)
    user.run("restic", "restore", "latest", "--target", "back", variables=secret)

    assert same(user.folder / "big", next((user.folder / "back").rglob("big")))
    foreign = {**secret, "RESTIC_REPOSITORY": f"s3:{user.url}/{user.foreign}/restic"}
    assert "Access Denied" in user.run("restic", "init", fails=True, variables=foreign).stderr


def test_s3cmd(user: BucketUser) -> None:
    """Put in parts, fetched, listed, deleted."""
    host = user.url.removeprefix("http://")
    where = (f"--host={host}", f"--host-bucket={host}", "--no-ssl", f"--region={REGION}")
    s3cmd = ("s3cmd", *where, "--multipart-chunk-size-mb=5", "--no-progress")
    user.run(*s3cmd, "put", "big", f"s3://{user.bucket}/big")
    user.run(*s3cmd, "get", f"s3://{user.bucket}/big", "back")
    listed = user.run(*s3cmd, "ls", f"s3://{user.bucket}").stdout

    assert same(user.folder / "big", user.folder / "back")
    assert listed.split()[2:] == [str(BIG), f"s3://{user.bucket}/big"]
    assert "AccessDenied" in user.run(*s3cmd, "put", "big", f"s3://{user.foreign}/b", fails=True).stderr
    user.run(*s3cmd, "rm", f"s3://{user.bucket}/big")
    assert user.run(*s3cmd, "ls", f"s3://{user.bucket}").stdout == ""


def test_terraforms_backend(user: BucketUser) -> None:
    """A state is kept under a lock that is a conditional write."""
    backend = {
        "bucket": user.bucket,
        "key": "state",
        "region": REGION,
        "endpoints": {"s3": user.url, "sts": user.url, "iam": user.url},
        "use_lockfile": True,
        "use_path_style": True,
        "encrypt": True,
    }
    program = {"terraform": {"backend": {"s3": backend}}, "resource": {"terraform_data": {"one": {"input": "x"}}}}
    (user.folder / "main.tf.json").write_text(json.dumps(program))
    user.run("terraform", "init", "-input=false")
    user.run("terraform", "apply", "-auto-approve", "-input=false")
    kept = user.run("terraform", "state", "list").stdout
    (user.folder / "main.tf.json").write_text(json.dumps(program).replace(user.bucket, user.foreign))
    refused = user.run("terraform", "init", "-input=false", "-reconfigure", fails=True).stderr

    assert kept == "terraform_data.one\n"
    assert "AccessDenied" in refused or "403" in refused
