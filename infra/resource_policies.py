"""What keys, buckets and repositories themselves allow and refuse, whoever asks: pure functions, one thing each."""

from __future__ import annotations

from infra.config import Stack
from infra.image_rights import COPY_IMAGE
from infra.names import bucket_arn
from infra.statements import Condition, Statement, allow, deny, document

ENCRYPTION = "s3:x-amz-server-side-encryption"
CUSTOMER_KEY = f"{ENCRYPTION}-customer-algorithm"


def key(stack: Stack) -> str:
    """The account's own policies decide who uses the key; CloudWatch may send this account's alarms."""
    alarms = allow(
        "Alarms",
        ["kms:Decrypt", "kms:GenerateDataKey*"],
        "*",
        {"StringEquals": {"aws:SourceAccount": stack.aws.account}},
    )
    return document(
        {**allow("OwnAccount", ["kms:*"], "*"), "Principal": {"AWS": _account(stack.aws.account)}},
        {**alarms, "Principal": {"Service": "cloudwatch.amazonaws.com"}},
    )


def tls_only(bucket: str) -> Statement:
    """Nobody reaches the bucket in the clear."""
    return _refuse("TlsOnly", ["s3:*"], bucket, {"Bool": {"aws:SecureTransport": "false"}})


def closed(bucket: str) -> str:
    """A bucket that encrypts by AWS's own means."""
    return document(tls_only(bucket))


def sealed(bucket: str, key_arn: str) -> str:
    """Every object is encrypted with this key: by a put that says so, or that says nothing.

    One that asks for another, or for AWS's own (`aws:kms` without a key means that), is refused, and so is one with a
    key of the client's, which nobody else could read. The parts of an upload say neither.
    """
    asked = {"Null": {ENCRYPTION: "false"}, "StringNotEquals": {f"{ENCRYPTION}-aws-kms-key-id": key_arn}}
    return document(
        tls_only(bucket),
        _refuse("OwnKeyOnly", ["s3:PutObject"], bucket, asked),
        _refuse("NoKeyOfClients", ["s3:PutObject"], bucket, {"Null": {CUSTOMER_KEY: "false"}}),
    )


def access_log(stack: Stack, bucket: str, logged: str) -> str:
    """S3 itself writes into the bucket what was done in the one that is logged; nobody has to be trusted with it."""
    delivery = allow(
        "Delivery",
        ["s3:PutObject"],
        f"{bucket_arn(bucket)}/*",
        {"ArnLike": {"aws:SourceArn": bucket_arn(logged)}, "StringEquals": {"aws:SourceAccount": stack.aws.account}},
    )
    return document({**delivery, "Principal": {"Service": "logging.s3.amazonaws.com"}}, tls_only(bucket))


def promotion(stack: Stack) -> str | None:
    """The pipeline of the next environment may copy images out of this one's repository, from its own account.

    The account is trusted, and of it that one role: AWS refuses a policy that names a role which is not there yet.
    """
    if stack.after is None:
        return None
    account, role = stack.after.aws.account, stack.after.names.identity("deploy")
    copy = {"Sid": "CopyTested", "Effect": "Allow", "Principal": {"AWS": _account(account)}, "Action": COPY_IMAGE}
    condition = {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{account}:role/{role}"}}
    return document({**copy, "Condition": condition})


def _account(number: str) -> str:
    return f"arn:aws:iam::{number}:root"


def _refuse(sid: str, actions: list[str], bucket: str, condition: Condition) -> Statement:
    arn = bucket_arn(bucket)
    resources = [arn, f"{arn}/*"] if actions == ["s3:*"] else [f"{arn}/*"]
    return {**deny(sid, actions, resources, condition), "Principal": "*"}
