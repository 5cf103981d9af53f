"""S3: what each operation asks for on buckets and objects, with the rights that its headers need and the key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from localcloud.aws.call import Call
from localcloud.aws.caller import Caller
from localcloud.aws.iam.ask import Ask
from localcloud.aws.iam.requests import s3_access, s3_context, s3_operations, s3_policy, s3_seal, s3_things
from localcloud.aws.iam.requests.reading import Context
from localcloud.aws.iam.requests.s3_things import Place
from localcloud.aws.services.s3.errors import no_such_bucket

_BYPASS = "x-amz-bypass-governance-retention"
_FOR_ALL = {
    "CreateSession": "CreateSession",
    "ListBuckets": "ListAllMyBuckets",
    "ListDirectoryBuckets": "ListAllMyDirectoryBuckets",
}
_UNASKED = ("BucketCORSPreflightCheck", "DeleteObjects", "ObjectCORSPreflightCheck", "WriteGetObjectResponse")


def asks(call: Call, caller: Caller) -> Iterator[Ask]:
    """A bucket that is not there is said to be missing to whoever asks.

    Deleting many objects asks for each by itself, in `to_delete`.
    """
    where = s3_things.place(call)
    if call.action in _UNASKED or call.method == "OPTIONS":
        return
    if call.action in _FOR_ALL:
        yield Ask(f"s3:{_FOR_ALL[call.action]}", "*", s3_context.of_request(call), owner=caller.account)
    elif call.action == "CreateBucket":
        yield from _create(call, caller, where)
    elif s3_things.bucket_named(where.bucket) is None:
        raise no_such_bucket(where.bucket)
    else:
        one = _OneBucket(call, caller, where)
        yield from one.object_asks() if call.action in s3_operations.OBJECT else one.bucket_asks()


def to_delete(call: Call, caller: Caller, key: str, version: str | None) -> Iterator[Ask]:
    """What deleting one of many objects asks for."""
    where = Place(s3_things.place(call).bucket, key, version)
    one = _OneBucket(call, caller, where)
    yield one.ask("DeleteObject" if version is None else "DeleteObjectVersion")
    yield from one.bypass()


class _OneBucket:
    """The asks of one call about one bucket or an object of it."""

    def __init__(self, call: Call, caller: Caller, where: Place) -> None:
        self._call, self._caller, self._where = call, caller, where
        self._bucket: Any = s3_things.bucket_named(where.bucket)
        self._headers = s3_things.headers(call)
        self._context: Context = s3_context.of_request(call) | s3_context.of_body(call)

    def bucket_asks(self) -> Iterator[Ask]:
        """A setting of the bucket, or a list of what is in it."""
        action = s3_operations.BUCKET.get(self._call.action, self._call.action)
        yield self.ask(action, Place(self._where.bucket))
        if self._call.action == "PutBucketPolicy":
            s3_policy.check(self._call.body, self._bucket, self._caller.arn)
        if self._call.action == "PutBucketAcl":
            s3_policy.check_acl(self._call, "s3:PutBucketAcl", self._bucket, self._bucket.arn, self._caller.arn)
        if self._call.action == "PutBucketReplication":
            yield from self._pass_role()

    def object_asks(self) -> Iterator[Ask]:
        """What is done to the object, what the headers add, and the key."""
        call, where = self._call, self._where
        plain, of_version = s3_operations.OBJECT[call.action]
        source = s3_things.source(call)
        if source is not None and call.action in ("CopyObject", "UploadPartCopy"):
            yield from self._source(source)
        if call.action == "GetObjectAttributes":
            yield self.ask("GetObjectVersion" if where.version else "GetObject")
        yield self.ask(of_version if where.version else plain)
        if call.action in s3_operations.WRITES:
            yield from self._header_rights(source)
        if call.action in (*s3_operations.WRITES, "PutObjectAcl"):
            s3_policy.check_acl(call, "s3:PutObjectAcl", self._bucket, where.arn, self._caller.arn)
        if call.action in ("DeleteObject", "PutObjectRetention"):
            yield from self.bypass()
        yield from self._missing(where)
        if call.action in s3_operations.READS and s3_seal.reads_content(call, where):
            yield from s3_seal.asks_to_read(self._caller, where)
        if plain == "PutObject":
            yield from s3_seal.asks_to_write(call, self._caller, where, self._bucket)

    def ask(self, action: str, where: Place | None = None) -> Ask:
        """One action, by identity, by the bucket's policy, or by an ACL."""
        where = where or self._where
        bucket = self._bucket if where.bucket == self._where.bucket else s3_things.bucket_named(where.bucket)
        context = self._context | _owned_by(bucket.account_id) | s3_context.of_object(where)
        found = s3_things.object_at(where)
        return Ask(
            f"s3:{action}",
            where.arn,
            context,
            s3_access.policy(bucket, self._caller),
            s3_access.granted(f"s3:{action}", bucket, found, self._caller),
        )

    def bypass(self) -> Iterator[Ask]:
        """The right over what is locked for governance, for those who say that they use it."""
        if self._headers.get(_BYPASS, "").lower() == "true":
            yield self.ask("BypassGovernanceRetention")

    def _header_rights(self, source: Place | None) -> Iterator[Ask]:
        """Tags, ACL, lock and legal hold have rights of their own, also when they come with the object."""
        headers = self._headers
        copied = source is not None and headers.get("x-amz-tagging-directive", "COPY").upper() == "COPY"
        tagged = s3_things.object_at(source) if copied and source else None
        if headers.get("x-amz-tagging") or (tagged is not None and s3_things.tags_of(tagged)):
            yield self.ask("PutObjectTagging")
        if "x-amz-acl" in headers or any(name.startswith("x-amz-grant-") for name in headers):
            yield self.ask("PutObjectAcl")
        if "x-amz-object-lock-mode" in headers or "x-amz-object-lock-retain-until-date" in headers:
            yield self.ask("PutObjectRetention")
        if "x-amz-object-lock-legal-hold" in headers:
            yield self.ask("PutObjectLegalHold")

    def _source(self, source: Place) -> Iterator[Ask]:
        if s3_things.bucket_named(source.bucket) is None:
            return
        yield self.ask("GetObjectVersion" if source.version else "GetObject", source)
        yield from self._missing(source)
        found, directive = s3_things.object_at(source), self._headers.get("x-amz-tagging-directive", "COPY")
        copies_tags = self._call.action == "CopyObject" and directive.upper() == "COPY"
        if copies_tags and found is not None and s3_things.tags_of(found):
            yield self.ask("GetObjectVersionTagging" if source.version else "GetObjectTagging", source)
        yield from s3_seal.asks_to_read(self._caller, source)

    def _missing(self, where: Place) -> Iterator[Ask]:
        """Only who may list the bucket learns that something is not there."""
        reads = self._call.action in s3_operations.READS or where is not self._where
        if reads and s3_things.object_at(where) is None:
            yield self.ask("ListBucket", Place(where.bucket))

    def _pass_role(self) -> Iterator[Ask]:
        role = s3_context.element(self._call.body, "Role")
        if role:
            yield Ask("iam:PassRole", role, {"iam:PassedToService": "s3.amazonaws.com"})


def _create(call: Call, caller: Caller, where: Place) -> Iterator[Ask]:
    context = s3_context.of_request(call) | s3_context.of_body(call) | _owned_by(caller.account)
    wanted = {"CreateBucket": True}
    wanted["PutBucketObjectLockConfiguration"] = (
        call.headers.get("x-amz-bucket-object-lock-enabled", "").lower() == "true"
    )
    wanted["PutBucketVersioning"] = wanted["PutBucketObjectLockConfiguration"]
    wanted["PutBucketOwnershipControls"] = "x-amz-object-ownership" in call.headers
    wanted["PutBucketAcl"] = "x-amz-acl" in call.headers or any(
        name.startswith("x-amz-grant-") for name in call.headers
    )
    wanted["TagResource"] = bool(s3_context.tags_in(call))
    for action in (action for action, is_wanted in wanted.items() if is_wanted):
        yield Ask(f"s3:{action}", where.arn, context, owner=caller.account)


def _owned_by(account: str) -> Context:
    return {"s3:ResourceAccount": account, "aws:ResourceAccount": account}
