"""Uploads in parts, versions and copies: what S3 makes of them, and what it refuses."""

from __future__ import annotations

from typing import Any

from bench.aws_truth.account import Account
from bench.aws_truth.case import Attempt, Case
from bench.aws_truth.objects import PART, Named, bucket, complete, part, put, upload

NOBODYS = "x" * 86
BIG = b"1" * PART


def _on_missing(method: str, **arguments: Any) -> Any:
    """A call about an upload that there never was."""

    def prepare(account: Account) -> Attempt:
        name = bucket(account)
        put(account, name)
        given = {"CopySource": {"Bucket": name, "Key": "a"}} if method == "upload_part_copy" else {}
        call = getattr(account.admin("s3"), method)
        return lambda: call(Bucket=name, Key="a", UploadId=NOBODYS, **given, **arguments)

    return prepare


def _on_aborted(method: str, **arguments: Any) -> Any:
    def prepare(account: Account) -> Attempt:
        s3, begun = account.admin("s3"), upload(account, bucket(account))
        s3.abort_multipart_upload(**begun)
        return lambda: getattr(s3, method)(**begun, **arguments)

    return prepare


def _other_key(account: Account) -> Attempt:
    begun = upload(account, bucket(account))
    return lambda: account.admin("s3").list_parts(**{**begun, "Key": "b"})


def _numbered(number: int) -> Any:
    def prepare(account: Account) -> Attempt:
        begun = upload(account, bucket(account))
        return lambda: account.admin("s3").upload_part(**begun, PartNumber=number, Body=b"x")

    return prepare


def _finished(*numbers: int, bodies: dict[int, bytes] | None = None, etag: str | None = None) -> Any:
    """A completion that names these parts, of those that were sent."""

    def prepare(account: Account) -> Attempt:
        begun = upload(account, bucket(account))
        sent = {number: part(account, begun, number, body) for number, body in (bodies or {1: b"x"}).items()}
        named = [sent.get(number, {"PartNumber": number, "ETag": '"' + "0" * 32 + '"'}) for number in numbers]
        chosen = [each | ({"ETag": etag} if etag else {}) for each in named]
        return lambda: account.admin("s3").complete_multipart_upload(**begun, MultipartUpload={"Parts": chosen})

    return prepare


def _twice(account: Account) -> Attempt:
    begun = upload(account, bucket(account))
    sent = part(account, begun)
    complete(account, begun, sent)
    return lambda: complete(account, begun, sent)


def _part_range(text: str) -> Any:
    def prepare(account: Account) -> Attempt:
        name = bucket(account)
        put(account, name, body=b"0123456789")
        begun, source = upload(account, name, "b"), {"Bucket": name, "Key": "a"}
        call = account.admin("s3").upload_part_copy
        return lambda: call(**begun, PartNumber=1, CopySource=source, CopySourceRange=text)

    return prepare


def _part_read(number: int, method: str = "get_object") -> Any:
    """A read of one part of an object of one part."""

    def prepare(account: Account) -> Attempt:
        version = complete(account, upload(account, bucket(account)))
        return lambda: getattr(account.admin("s3"), method)(**version, PartNumber=number)

    return prepare


def _versioned(account: Account) -> str:
    name = bucket(account)
    account.admin("s3").put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def _marker(account: Account) -> Named:
    version = put(account, _versioned(account))
    named = {"Bucket": version["Bucket"], "Key": "a"}
    return named | {"VersionId": account.admin("s3").delete_object(**named)["VersionId"]}


def _on_marker(method: str, *, named: bool = True) -> Any:
    def prepare(account: Account) -> Attempt:
        marker = _marker(account)
        given = marker if named else {name: marker[name] for name in ("Bucket", "Key")}
        return lambda: getattr(account.admin("s3"), method)(**given)

    return prepare


def _restored(account: Account) -> Attempt:
    s3, marker = account.admin("s3"), _marker(account)
    s3.delete_object(**marker)
    return lambda: s3.get_object(Bucket=marker["Bucket"], Key="a")


def _version(version_id: str, method: str = "get_object") -> Any:
    def prepare(account: Account) -> Attempt:
        version = put(account, _versioned(account)) | {"VersionId": version_id}
        return lambda: getattr(account.admin("s3"), method)(**version)

    return prepare


def _versioning(status: str) -> Any:
    def prepare(account: Account) -> Attempt:
        name = bucket(account)
        return lambda: account.admin("s3").put_bucket_versioning(
            Bucket=name, VersioningConfiguration={"Status": status}
        )

    return prepare


def _copied(key: str = "a", source: str | None = None, **options: Any) -> Any:
    """A copy within a bucket that has an object `a`."""

    def prepare(account: Account) -> Attempt:
        name = bucket(account)
        put(account, name)
        given = {"Bucket": name, "Key": "a"} if source is None else source.format(name)
        return lambda: account.admin("s3").copy_object(Bucket=name, Key=key, CopySource=given, **options)

    return prepare


def _older_onto_itself(account: Account) -> Attempt:
    name = _versioned(account)
    older = put(account, name)
    put(account, name, body=b"y")
    return lambda: account.admin("s3").copy_object(Bucket=name, Key="a", CopySource=older)


def _marker_copied(account: Account) -> Attempt:
    marker = _marker(account)
    return lambda: account.admin("s3").copy_object(Bucket=marker["Bucket"], Key="b", CopySource=marker)


CASES = [
    Case("a part for an upload there never was", _on_missing("upload_part", PartNumber=1, Body=b"x"), "NoSuchUpload"),
    Case(
        "a copied part for an upload there never was", _on_missing("upload_part_copy", PartNumber=1), "NoSuchUpload"
    ),
    Case(
        "a completion of an upload there never was",
        _on_missing("complete_multipart_upload", MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": "x"}]}),
        "NoSuchUpload",
    ),
    Case("the parts of an upload there never was", _on_missing("list_parts"), "NoSuchUpload"),
    Case("an upload aborted that there never was", _on_missing("abort_multipart_upload"), "NoSuchUpload"),
    Case("a part for an aborted upload", _on_aborted("upload_part", PartNumber=1, Body=b"x"), "NoSuchUpload"),
    Case("the parts of an aborted upload", _on_aborted("list_parts"), "NoSuchUpload"),
    Case("an upload aborted twice", _on_aborted("abort_multipart_upload"), "NoSuchUpload"),
    Case("an upload under another key", _other_key, "NoSuchUpload"),
    Case("part 10,000", _numbered(10_000)),
    Case("part 0", _numbered(0), "InvalidArgument"),
    Case("part 10,001", _numbered(10_001), "InvalidArgument"),
    Case("parts in order", _finished(1, 2, bodies={1: BIG, 2: b"x"})),
    Case("parts out of order", _finished(2, 1, bodies={1: BIG, 2: b"x"}), "InvalidPartOrder"),
    Case("the same part twice", _finished(1, 1), "InvalidPartOrder"),
    Case("a part too small before the last", _finished(1, 2, bodies={1: b"x", 2: b"x"}), "EntityTooSmall"),
    Case("a part that was not sent", _finished(1, 2), "InvalidPart"),
    Case("a part of another ETag", _finished(1, etag='"' + "0" * 32 + '"'), "InvalidPart"),
    Case("no parts", _finished(), "MalformedXML"),
    Case("a completion said twice", _twice),
    Case("a range of the source", _part_range("bytes=0-4")),
    Case("a range behind the source's end", _part_range("bytes=0-10"), "InvalidArgument"),
    Case("a range without end", _part_range("bytes=2-"), "InvalidArgument"),
    Case("a range without unit", _part_range("0-2"), "InvalidArgument"),
    Case("a range backwards", _part_range("bytes=4-0"), "InvalidArgument"),
    Case("part 1 of one", _part_read(1)),
    Case("part 2 of one", _part_read(2), "InvalidPartNumber"),
    Case("a look at part 2 of one", _part_read(2, "head_object"), "416"),
    Case("an object that a marker hides", _on_marker("get_object", named=False), "NoSuchKey"),
    Case("a look at what a marker hides", _on_marker("head_object", named=False), "404"),
    Case("a marker read by its id", _on_marker("get_object"), "MethodNotAllowed"),
    Case("a look at a marker by its id", _on_marker("head_object"), "405"),
    Case("an object whose marker was deleted", _restored),
    Case("a version that there never was", _version("x" * 32), "NoSuchVersion"),
    Case("a version that is no id", _version("not one"), "InvalidArgument"),
    Case("a version deleted that there never was", _version("x" * 32, "delete_object")),
    Case("the null version where there is none", _version("null"), "NoSuchVersion"),
    Case("versioning suspended", _versioning("Suspended")),
    Case("versioning in a word of its own", _versioning("Disabled"), "MalformedXML"),
    Case("a copy", _copied("b")),
    Case("a copy onto itself", _copied(), "InvalidRequest"),
    Case("a copy onto itself with other metadata", _copied(MetadataDirective="REPLACE", Metadata={"a": "b"})),
    Case("a copy onto itself in another class", _copied(StorageClass="STANDARD_IA")),
    Case("an older version copied onto itself", _older_onto_itself),
    Case("a marker copied by its id", _marker_copied, "InvalidRequest"),
    Case("a copy of a missing key", _copied("b", "{}/missing"), "NoSuchKey"),
    Case("a copy from a missing bucket", _copied("b", "nobodys-bucket-of-the-truth/a"), "NoSuchBucket"),
    Case("a copy of a missing version", _copied("b", "{}/a?versionId=" + "x" * 32), "NoSuchVersion"),
    Case("a copy from a bucket alone", _copied("b", "{}"), "InvalidArgument"),
    Case("a copy with a directive of its own", _copied("b", MetadataDirective="MERGE"), "InvalidArgument"),
    Case("a copy with a tagging directive of its own", _copied("b", TaggingDirective="MERGE"), "InvalidArgument"),
]
