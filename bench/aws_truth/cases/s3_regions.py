"""Calls that were signed for one region, about a bucket of another."""

from __future__ import annotations

from bench.aws_truth.account import REGION, Account
from bench.aws_truth.case import Attempt, Case
from bench.aws_truth.s3 import signed

GLOBAL, OTHER = "us-east-1", "us-west-2"
MALFORMED, REDIRECT = "AuthorizationHeaderMalformed", "PermanentRedirect"


def _from(region: str, says: str, code: str | None, method: str, path: str) -> Case:
    """A call about a bucket in eu-central-1 that holds the object `a`."""

    def prepare(account: Account) -> Attempt:
        bucket = account.bucket()
        account.admin("s3").put_object(Bucket=bucket, Key="a", Body=b"x")
        return lambda: signed(account, method, path.format(bucket=bucket), region=region)

    return Case(f"{says} of a bucket in {REGION}, signed for {region}", prepare, code)


def _create(region: str, place: str, code: str | None) -> Case:
    def prepare(account: Account) -> Attempt:
        s3 = account.client("s3", account.keys, region_name=region)
        wanted = {"CreateBucketConfiguration": {"LocationConstraint": place}} if place else {}
        return lambda: s3.create_bucket(Bucket=account.name("placed"), **wanted)

    return Case(f"a bucket made in {place or 'no named region'} by a call to {region}", prepare, code)


CASES = [
    *(
        _from(region, says, None if region == REGION else code, method, path)
        for region, code in ((REGION, None), (GLOBAL, MALFORMED), (OTHER, REDIRECT))
        for says, method, path in (
            ("the object", "GET", "/{bucket}/a"),
            ("a new object", "PUT", "/{bucket}/b"),
            ("the list", "GET", "/{bucket}?list-type=2"),
            ("the versioning", "GET", "/{bucket}?versioning"),
            ("the deletion of an object", "DELETE", "/{bucket}/a"),
        )
    ),
    _from(GLOBAL, "the location", None, "GET", "/{bucket}?location"),
    _from(OTHER, "the location", None, "GET", "/{bucket}?location"),
    _from(GLOBAL, "the head", "400", "HEAD", "/{bucket}"),
    _from(OTHER, "the head", "301", "HEAD", "/{bucket}"),
    _create(REGION, REGION, None),
    _create(REGION, "", "IllegalLocationConstraintException"),
    _create(REGION, OTHER, "IllegalLocationConstraintException"),
    _create(REGION, GLOBAL, "InvalidLocationConstraint"),
    _create(GLOBAL, OTHER, None),
    _create(GLOBAL, "", None),
    _create(GLOBAL, "mars-north-1", "InvalidLocationConstraint"),
]
