"""What policies of resources, ACLs and grants let in beside or beyond identity policies, and what they keep out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import requests

from bench.aws_truth.account import Account, Keys, allow, deny
from bench.aws_truth.case import Attempt, Case
from bench.aws_truth.scene import KEY, Scene, policy

Statement = dict[str, Any]
NOTHING = deny("s3:nothing")
TRY: dict[str, Callable[[Any, Scene], Attempt]] = {
    "get": lambda s3, scene: lambda: s3.get_object(Bucket=scene.open, Key=KEY),
    "put": lambda s3, scene: lambda: s3.put_object(Bucket=scene.open, Key="new", Body=b"y"),
    "list": lambda s3, scene: lambda: s3.list_objects_v2(Bucket=scene.open),
    "list daily/": lambda s3, scene: lambda: s3.list_objects_v2(Bucket=scene.open, Prefix="daily/"),
    "put once": lambda s3, scene: lambda: s3.put_object(Bucket=scene.open, Key="new", Body=b"y", IfNoneMatch="*"),
    "put with SSE-S3": lambda s3, scene: (
        lambda: s3.put_object(Bucket=scene.open, Key="new", Body=b"y", ServerSideEncryption="AES256")
    ),
    "put with tag": lambda s3, scene: (
        lambda: s3.put_object(Bucket=scene.open, Key="new", Body=b"y", Tagging="class=daily")
    ),
}


def _bucket(says: str, what: str, *statements: Statement, code: str | None = None, own: Statement = NOTHING) -> Case:
    """A user with `own` tries it on a bucket that has this policy; `{arn}` is the bucket's, `{me}` the user's."""

    def prepare(account: Account) -> Attempt:
        scene, keys = Scene(account), account.user(own)
        _put_policy(account, scene.open, keys, statements)
        return TRY[what](account.client("s3", keys), scene)

    return Case(f"bucket policy: {says}", prepare, code)


def _anonymous(says: str, *statements: Statement, code: str | None = None, block: str = "", acl: str = "") -> Case:
    """Nobody in particular gets an object whose bucket has this policy, block, or whose ACL is this."""

    def prepare(account: Account) -> Attempt:
        scene, s3 = Scene(account), account.admin("s3")
        if statements:
            _put_policy(account, scene.open, {}, statements)
        if acl:
            s3.put_object_acl(Bucket=scene.open, Key=KEY, ACL=acl)
        if block:
            settings = {"BlockPublicAcls": False, "IgnorePublicAcls": False, "BlockPublicPolicy": False}
            settings |= {"RestrictPublicBuckets": False, block: True}
            s3.put_public_access_block(Bucket=scene.open, PublicAccessBlockConfiguration=settings)
        return lambda: _fetched(account, f"/{scene.open}/{KEY}")

    return Case(f"without a signature: {says}", prepare, code)


def _fetched(account: Account, path: str) -> requests.Response:
    return account.send("GET", path)


def _put_policy(account: Account, bucket: str, keys: Keys, statements: tuple[Statement, ...]) -> None:
    text = policy(*statements).replace("{arn}", f"arn:aws:s3:::{bucket}").replace("{me}", keys.get("Arn", ""))
    account.admin("s3").put_bucket_policy(Bucket=bucket, Policy=text)


ME, ALL = {"AWS": "{me}"}, ["{arn}", "{arn}/*"]
READ = {**allow("s3:GetObject", "{arn}/*"), "Principal": ME}
ANYBODY = {**READ, "Principal": "*"}
PUT, LIST = allow("s3:PutObject"), allow("s3:ListBucket")


def _when(effect: Callable[..., Statement], action: str, condition: dict[str, Any]) -> Statement:
    return {**effect(action, ALL, Condition=condition), "Principal": "*"}


BUCKETS = [
    _bucket("names the user, who has no policy of his own", "get", READ),
    _bucket("names another action", "put", READ, code="AccessDenied"),
    _bucket(
        "names the account, which leaves it to the user's policies",
        "get",
        {**READ, "Principal": {"AWS": "123456789012"}},
        code="AccessDenied",
    ),
    _bucket(
        "denies what the user's policy allows",
        "get",
        {**deny("s3:GetObject", "{arn}/*"), "Principal": ME},
        own=allow("s3:*"),
        code="AccessDenied",
    ),
    _bucket("allows what the user's policy denies", "get", READ, own=deny("s3:GetObject"), code="AccessDenied"),
    _bucket(
        "denies all but writing once",
        "put",
        _when(deny, "s3:PutObject", {"Null": {"s3:if-none-match": "true"}}),
        own=PUT,
        code="AccessDenied",
    ),
    _bucket(
        "denies all but writing once, and once it is",
        "put once",
        _when(deny, "s3:PutObject", {"Null": {"s3:if-none-match": "true"}}),
        own=PUT,
    ),
    _bucket(
        "denies SSE-S3",
        "put with SSE-S3",
        _when(deny, "s3:PutObject", {"StringEquals": {"s3:x-amz-server-side-encryption": "AES256"}}),
        own=PUT,
        code="AccessDenied",
    ),
    _bucket(
        "denies SSE-S3, and nothing is said of encryption",
        "put",
        _when(deny, "s3:PutObject", {"StringEquals": {"s3:x-amz-server-side-encryption": "AES256"}}),
        own=PUT,
    ),
    _bucket(
        "denies lists of all, and all are listed",
        "list",
        _when(deny, "s3:ListBucket", {"StringNotLike": {"s3:prefix": "daily/*"}}),
        own=LIST,
        code="AccessDenied",
    ),
    _bucket(
        "denies lists of all, and some are listed",
        "list daily/",
        _when(deny, "s3:ListBucket", {"StringNotLike": {"s3:prefix": "daily/*"}}),
        own=LIST,
    ),
    _bucket(
        "allows objects with a tag, and it is given",
        "put with tag",
        {**_when(allow, "s3:PutObject*", {"StringEquals": {"s3:RequestObjectTag/class": "daily"}}), "Principal": ME},
    ),
    _bucket(
        "allows objects with a tag, and none is given",
        "put",
        {**_when(allow, "s3:PutObject*", {"StringEquals": {"s3:RequestObjectTag/class": "daily"}}), "Principal": ME},
        code="AccessDenied",
    ),
    _bucket(
        "denies other ways than TLS",
        "get",
        _when(deny, "s3:*", {"Bool": {"aws:SecureTransport": "false"}}),
        own=allow("s3:*"),
    ),
]
ANONYMOUS = [
    _anonymous("a private bucket", code="AccessDenied"),
    _anonymous("the policy lets everybody in", ANYBODY),
    _anonymous(
        "the policy lets everybody in, RestrictPublicBuckets does not",
        ANYBODY,
        block="RestrictPublicBuckets",
        code="AccessDenied",
    ),
    _anonymous("the ACL lets everybody in", acl="public-read"),
    _anonymous(
        "the ACL lets everybody in, IgnorePublicAcls does not",
        acl="public-read",
        block="IgnorePublicAcls",
        code="AccessDenied",
    ),
    _anonymous("the ACL lets in who signs", acl="authenticated-read", code="AccessDenied"),
    _anonymous("the policy lets the account in", {**READ, "Principal": {"AWS": "123456789012"}}, code="AccessDenied"),
]


def _refused_policy(says: str, *statements: Statement, code: str | None = "MalformedPolicy", text: str = "") -> Case:
    """A policy is put on a bucket without a public access block."""

    def prepare(account: Account) -> Attempt:
        scene = Scene(account)
        written = (text or policy(*statements)).replace("{arn}", f"arn:aws:s3:::{scene.open}")
        return lambda: account.admin("s3").put_bucket_policy(Bucket=scene.open, Policy=written)

    return Case(f"put a bucket policy: {says}", prepare, code)


ROOT = {"AWS": "arn:aws:iam::123456789012:root"}
GOOD = {**allow("s3:GetObject", "{arn}/*"), "Principal": ROOT}
POLICIES = [
    _refused_policy("a good one", GOOD, code=None),
    _refused_policy("about another bucket", {**GOOD, "Resource": "arn:aws:s3:::another/*"}),
    _refused_policy("about everything", {**GOOD, "Resource": "*"}),
    _refused_policy("with an action of objects on the bucket", {**GOOD, "Resource": "{arn}"}),
    _refused_policy("with an action of buckets on objects", {**GOOD, "Action": "s3:ListBucket"}),
    _refused_policy("with an action that S3 has not", {**GOOD, "Action": "s3:GetObjects"}),
    _refused_policy("with an action of another service", {**GOOD, "Action": "kms:Decrypt"}),
    _refused_policy(
        "that names a user who is not there", {**GOOD, "Principal": {"AWS": "arn:aws:iam::123456789012:user/nobody"}}
    ),
    _refused_policy("that names no ARN", {**GOOD, "Principal": {"AWS": "ann"}}),
    _refused_policy("that names nobody", allow("s3:GetObject", "{arn}/*")),
    _refused_policy("with an effect that is none", {**GOOD, "Effect": "Permit"}),
    _refused_policy("that is no JSON", text="{"),
    _refused_policy("of 21 KB", *[{**GOOD, "Sid": f"S{number}x" * 20} for number in range(130)]),
    _refused_policy("with a statement that is none", {**GOOD, "Colour": "blue"}),
]


def _blocked(account: Account) -> Attempt:
    bucket = account.bucket()
    text = policy({**allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*"), "Principal": "*"})
    return lambda: account.admin("s3").put_bucket_policy(Bucket=bucket, Policy=text)


def _blocked_acl(account: Account) -> Attempt:
    scene, s3 = Scene(account), account.admin("s3")
    settings = {"BlockPublicAcls": True, "IgnorePublicAcls": False, "BlockPublicPolicy": False}
    block = {**settings, "RestrictPublicBuckets": False}
    s3.put_public_access_block(Bucket=scene.open, PublicAccessBlockConfiguration=block)
    return lambda: s3.put_object_acl(Bucket=scene.open, Key=KEY, ACL="public-read")


CASES = [
    *BUCKETS,
    *ANONYMOUS,
    *POLICIES,
    Case("put a public policy where BlockPublicPolicy is on", _blocked, "AccessDenied"),
    Case("put a public ACL where BlockPublicAcls is on", _blocked_acl, "AccessDenied"),
]
