"""Buckets themselves: how one may be called, where it may be, and that it is whose the client thinks.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
"""

from __future__ import annotations

import re

from moto.s3 import models

from localcloud.aws.replies import same
from localcloud.aws.services.s3 import documents
from localcloud.aws.services.s3.ask import Ask
from localcloud.aws.services.s3.errors import invalid_argument, malformed_xml

DEFAULT_REGION = "us-east-1"
_NAME = re.compile(r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


def check_create(ask: Ask) -> None:
    """CreateBucket: the name, the region, the ownership."""
    name = ask.bucket_name
    if not valid(name):
        raise same("InvalidBucketName", 400, "The specified bucket is not valid.")
    ownership = documents.operation("CreateBucket").input_shape.members["ObjectOwnership"].enum
    if ask.headers.get("x-amz-object-ownership", ownership[0]) not in ownership:
        raise invalid_argument("Invalid x-amz-object-ownership header")
    _check_location(_location(ask), ask.moto.region)


def valid(name: str) -> bool:
    """Whether a bucket can have this name."""
    return bool(
        _NAME.fullmatch(name)
        and not _ADDRESS.fullmatch(name)
        and not name.startswith(_PREFIXES)
        and not name.endswith(_SUFFIXES)
    )


def _location(ask: Ask) -> str:
    if not ask.body:
        return ""
    location: str = documents.payload("CreateBucket", ask.body, closed=False).get("LocationConstraint", "")
    return location


def _check_location(location: str, region: str) -> None:
    known = documents.operation("CreateBucket").input_shape.members["CreateBucketConfiguration"]
    regions = known.members["LocationConstraint"].enum
    if location and (location not in regions or location == DEFAULT_REGION):
        raise same("InvalidLocationConstraint", 400, "The specified location-constraint is not valid")
    if region == DEFAULT_REGION:
        return  # the endpoint from which buckets of other regions can be made
    if location != region and not (location == "EU" and region == "eu-west-1"):
        raise same(
            "IllegalLocationConstraintException",
            400,
            f"The {location or 'unspecified'} location constraint is incompatible for the region specific "
            "endpoint this request was sent to.",
        )


def check_owner(ask: Ask) -> None:
    """A client that says whose bucket it expects is refused where it is another's."""
    account = ask.moto.current_account
    for name in ("x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner"):
        expected = ask.headers.get(name)
        if expected is None:
            continue
        if not re.fullmatch(r"\d{12}", expected):
            raise invalid_argument("The value of the expected bucket owner parameter must be an AWS account ID")
        if expected != account:
            raise same("AccessDenied", 403, "Access Denied")


def check_versioned_name(ask: Ask) -> None:
    """A version is named by something."""
    if ask.query.get("versionId") == "":
        raise invalid_argument("Version id cannot be the empty string")


def check_public_access_block(ask: Ask) -> None:
    """A block without any setting is no configuration."""
    if not ask.document:
        raise malformed_xml()


def check_ownership(ask: Ask) -> None:
    """One rule; and a bucket whose ACL says more than its owner can't do without ACLs."""
    if len(ask.document["Rules"]) != 1:
        raise malformed_xml()
    others = [grantee for grant in ask.bucket.acl.grants for grantee in grant.grantees if grantee.id != models.OWNER]
    if ask.document["Rules"][0]["ObjectOwnership"] == "BucketOwnerEnforced" and others:
        raise same(
            "InvalidBucketAclWithObjectOwnership",
            400,
            "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
        )
