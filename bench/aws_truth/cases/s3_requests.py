"""What an S3 request may look like: names, regions, listings, tags, ACLs, headers, documents."""

from __future__ import annotations

from typing import Any

from bench.aws_truth.account import REGION, Account
from bench.aws_truth.case import Attempt, Case
from bench.aws_truth.s3 import call_on_bucket, sent

PLACE = {"LocationConstraint": REGION}


def _create(says: str, name: str, code: str | None, **arguments: Any) -> Case:
    def prepare(account: Account) -> Attempt:
        arguments.setdefault("CreateBucketConfiguration", PLACE)
        return lambda: account.admin("s3").create_bucket(Bucket=name or account.name(), **arguments)

    return Case(f"a bucket {says}", prepare, code)


def _twice(account: Account) -> Attempt:
    bucket = account.bucket()
    return lambda: account.admin("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=PLACE)


def _unconstrained(account: Account) -> Attempt:
    return lambda: account.admin("s3").create_bucket(Bucket=account.name())


BUCKETS = [
    _create("of two letters", "ab", "InvalidBucketName"),
    _create("with two dots", "truth..two-dots", "InvalidBucketName"),
    _create("like an address", "192.168.5.4", "InvalidBucketName"),
    _create("of S3's own", "truth-mine-s3alias", "InvalidBucketName"),
    _create("with xn--", "xn--truth", "InvalidBucketName"),
    _create("with an ACL though it has none", "", "InvalidBucketAclWithObjectOwnership", ACL="public-read"),
    _create("owned by nobody known", "", "InvalidArgument", ObjectOwnership="Everybody"),
    _create(
        "in a region unknown",
        "",
        "InvalidLocationConstraint",
        CreateBucketConfiguration={"LocationConstraint": "moon-1"},
    ),
    _create(
        "in another region",
        "",
        "IllegalLocationConstraintException",
        CreateBucketConfiguration={"LocationConstraint": "eu-west-1"},
    ),
    Case("a bucket without a region", _unconstrained, "IllegalLocationConstraintException"),
    Case("a bucket that one has already", _twice, "BucketAlreadyOwnedByYou"),
]
LISTINGS = [
    call_on_bucket("a listing", "list_objects_v2", None, MaxKeys=1000),
    call_on_bucket("a listing of -1", "list_objects_v2", "InvalidArgument", MaxKeys=-1),
    call_on_bucket(
        "a listing after a token that S3 did not give", "list_objects_v2", "InvalidArgument", ContinuationToken="x"
    ),
    call_on_bucket(
        "versions after an ID without a key", "list_object_versions", "InvalidArgument", VersionIdMarker="x"
    ),
    sent("a listing of `blah`", "InvalidArgument", "GET", "?max-keys=blah"),
    sent("a listing in an encoding unknown", "InvalidArgument", "GET", "?encoding-type=base64"),
    sent("uploads, -1 of them", "InvalidArgument", "GET", "?uploads&max-uploads=-1"),
    call_on_bucket(
        "deleting 1,000 at once",
        "delete_objects",
        None,
        Delete={"Objects": [{"Key": str(number)} for number in range(1000)]},
    ),
    call_on_bucket(
        "deleting 1,001 at once",
        "delete_objects",
        "MalformedXML",
        Delete={"Objects": [{"Key": str(number)} for number in range(1001)]},
    ),
    sent(
        "deleting with no digest",
        "InvalidRequest",
        "POST",
        "?delete",
        b"<Delete><Object><Key>a</Key></Object></Delete>",
    ),
]
OBJECTS = [
    call_on_bucket("a name of 1,024 bytes", "put_object", None, Key="k" * 1024),
    call_on_bucket("a name of 1,025 bytes", "put_object", "KeyTooLongError", Key="k" * 1025),
    call_on_bucket("a name of 1,026 bytes in 513 letters", "put_object", "KeyTooLongError", Key="é" * 513),
    call_on_bucket("metadata of 2,048 bytes", "put_object", None, Key="k", Metadata={"a": "v" * 2047}),
    call_on_bucket("metadata of 2,049 bytes", "put_object", "MetadataTooLarge", Key="k", Metadata={"a": "v" * 2048}),
    call_on_bucket("a storage class unknown", "put_object", "InvalidStorageClass", Key="k", StorageClass="CELLAR"),
    call_on_bucket("10 tags", "put_object", None, Key="k", Tagging="&".join(f"{number}=x" for number in range(10))),
    call_on_bucket(
        "11 tags", "put_object", "BadRequest", Key="k", Tagging="&".join(f"{number}=x" for number in range(11))
    ),
    call_on_bucket("a tag with `aws:`", "put_object", "InvalidTag", Key="k", Tagging="aws:a=x"),
    call_on_bucket(
        "a tag twice",
        "put_object_tagging",
        "InvalidTag",
        Key="a",
        Tagging={"TagSet": [{"Key": "a", "Value": "1"}] * 2},
    ),
    call_on_bucket("a canned ACL unknown", "put_object_acl", "InvalidArgument", Key="a", ACL="everybody"),
    call_on_bucket(
        "an ACL where there are none", "put_object", "AccessControlListNotSupported", Key="k", ACL="public-read"
    ),
    call_on_bucket(
        "the ACL that gives nobody anything", "put_object", "AccessControlListNotSupported", Key="k", ACL="private"
    ),
    call_on_bucket(
        "the same for an object that is there",
        "put_object_acl",
        "AccessControlListNotSupported",
        Key="a",
        ACL="private",
    ),
    call_on_bucket("the ACL that changes nothing", "put_object", None, Key="k", ACL="bucket-owner-full-control"),
    sent("an ACL that is none", "MalformedACLError", "PUT", "/a?acl", b"<AccessControlPolicy/>"),
    call_on_bucket("a range behind the end", "get_object", "InvalidRange", Key="a", Range="bytes=10-"),
    call_on_bucket("the last 0 bytes", "get_object", "InvalidRange", Key="a", Range="bytes=-0"),
    call_on_bucket("a range of letters", "get_object", None, Key="a", Range="bytes=a-b"),
    call_on_bucket("attributes", "get_object_attributes", None, Key="a", ObjectAttributes=["ETag"]),
    call_on_bucket(
        "an attribute unknown", "get_object_attributes", "InvalidArgument", Key="a", ObjectAttributes=["Colour"]
    ),
    sent("attributes, none named", "InvalidRequest", "GET", "/a?attributes"),
    call_on_bucket(
        "restoring what is in no archive", "restore_object", "InvalidObjectState", Key="a", RestoreRequest={"Days": 1}
    ),
    call_on_bucket("a torrent", "get_object_torrent", "MethodNotAllowed", Key="a"),
    call_on_bucket(
        "a redirect to nowhere", "put_object", "InvalidRedirectLocation", Key="k", WebsiteRedirectLocation="ftp://x"
    ),
    call_on_bucket(
        "somebody else's bucket, as expected", "list_objects_v2", "AccessDenied", ExpectedBucketOwner="999999999999"
    ),
    sent("PATCH", "MethodNotAllowed", "PATCH", "/a"),
    sent("deleting the subresource `acl`", "MethodNotAllowed", "DELETE", "?acl"),
    sent("a lifecycle that is no XML", "MalformedXML", "PUT", "?lifecycle", b"<Lifecycle"),
    sent(
        "a lifecycle of another schema",
        "MalformedXML",
        "PUT",
        "?lifecycle",
        b"<LifecycleConfiguration><Wheel/></LifecycleConfiguration>",
    ),
    sent(
        "tags with an entity",
        "MalformedXML",
        "PUT",
        "?tagging",
        b'<!DOCTYPE a [<!ENTITY b "c">]><Tagging><TagSet/></Tagging>',
    ),
    sent("CORS without a body", "MissingRequestBodyError", "PUT", "?cors"),
    sent("a part without a number", "InvalidArgument", "GET", "/a?partNumber=x"),
]
CASES = [*BUCKETS, *LISTINGS, *OBJECTS]
