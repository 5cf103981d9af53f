"""Buckets and objects as the table's cases need them."""

from __future__ import annotations

from typing import Any

from bench.aws_truth.account import REGION, Account

Named = dict[str, Any]
PART = 5 << 20  # bytes that every part but the last must have


def bucket(account: Account, **options: Any) -> str:
    """A new bucket's name."""
    name = account.name("bucket")
    place = {"LocationConstraint": REGION}
    account.admin("s3").create_bucket(Bucket=name, CreateBucketConfiguration=place, **options)
    return name


def put(account: Account, name: str, key: str = "a", body: bytes = b"x", **options: Any) -> Named:
    """An object in it: bucket, key, and version where there are any."""
    made = account.admin("s3").put_object(Bucket=name, Key=key, Body=body, **options)
    version = {"VersionId": made["VersionId"]} if "VersionId" in made else {}
    return {"Bucket": name, "Key": key, **version}


def upload(account: Account, name: str, key: str = "a", **options: Any) -> Named:
    """An upload in parts that was begun: bucket, key and upload id."""
    begun = account.admin("s3").create_multipart_upload(Bucket=name, Key=key, **options)
    return {"Bucket": name, "Key": key, "UploadId": begun["UploadId"]}


def part(account: Account, begun: Named, number: int = 1, body: bytes = b"x", **options: Any) -> dict[str, Any]:
    """A part that was sent, as its completion names it."""
    sent = account.admin("s3").upload_part(**begun, PartNumber=number, Body=body, **options)
    checksums = {name: value for name, value in sent.items() if name.startswith("Checksum")}
    return {"PartNumber": number, "ETag": sent["ETag"], **checksums}


def complete(account: Account, begun: Named, *parts: dict[str, Any], **options: Any) -> Named:
    """The object that an upload became; of one small part where none are named."""
    chosen = list(parts) or [part(account, begun)]
    done = account.admin("s3").complete_multipart_upload(**begun, MultipartUpload={"Parts": chosen}, **options)
    version = {"VersionId": done["VersionId"]} if "VersionId" in done else {}
    return {"Bucket": begun["Bucket"], "Key": begun["Key"], **version}
