"""Access control lists: what S3 refuses in one, and how it is shown. Who may do what by them is decided elsewhere.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.s3 import models

from localcloud.aws.replies import AwsError, same
from localcloud.aws.services.s3.ask import Answer, Ask
from localcloud.aws.services.s3.errors import invalid_argument, invalid_request, method_not_allowed, no_such_key

CANNED = {
    "private",
    "public-read",
    "public-read-write",
    "authenticated-read",
    "bucket-owner-read",
    "bucket-owner-full-control",
    "aws-exec-read",
    "log-delivery-write",
}
GROUPS = {
    f"http://acs.amazonaws.com/groups/{name}"
    for name in ("global/AllUsers", "global/AuthenticatedUsers", "s3/LogDelivery")
}
MOST_GRANTS = 100
_PERMISSIONS = {
    "read": "READ",
    "write": "WRITE",
    "read-acp": "READ_ACP",
    "write-acp": "WRITE_ACP",
    "full-control": "FULL_CONTROL",
}
_GRANTEE = re.compile(r'\s*(\w+)\s*=\s*"?([^",]*)"?\s*')
_CANONICAL_ID = re.compile(r"[0-9a-f]{64}")
# The one canned ACL that a bucket without ACLs takes; `private`, which some clients name by default, is refused, too.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html
_HARMLESS = "bucket-owner-full-control"


def check_headers(ask: Ask) -> None:
    """An ACL in the headers of a request that makes an object or a bucket."""
    headers = _headers(ask)
    if headers is None:
        return
    if ask.action == "CreateBucket":
        owned = ask.headers.get("x-amz-object-ownership", "BucketOwnerEnforced") == "BucketOwnerEnforced"
        if owned and ask.headers.get("x-amz-acl") != "private":
            raise same(
                "InvalidBucketAclWithObjectOwnership",
                400,
                "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
            )
    else:
        _check_owned(ask, headers)


def put_bucket(ask: Ask) -> Answer:
    """PutBucketAcl."""
    ask.bucket.set_acl(_wanted(ask))
    return 200, {}, ""


def put_object(ask: Ask) -> Answer:
    """PutObjectAcl."""
    key = _object(ask)
    key.set_acl(_wanted(ask))
    return 200, _version(ask, key), ""


def get_bucket(ask: Ask) -> dict[str, Any]:
    """GetBucketAcl."""
    return _shown(ask.bucket.acl)


def get_object(ask: Ask) -> dict[str, Any]:
    """GetObjectAcl."""
    return _shown(_object(ask).acl)


def _object(ask: Ask) -> Any:
    version = ask.query.get("versionId")
    key = ask.version(version_id=version)
    if key is None and version is not None:
        raise same("NoSuchVersion", 404, "The specified version does not exist.")
    if isinstance(key, models.FakeDeleteMarker):
        raise method_not_allowed() if version is not None else no_such_key()
    if key is None:
        raise no_such_key()
    return key


def _version(ask: Ask, key: Any) -> dict[str, Any]:
    return {"x-amz-version-id": key.version_id} if ask.query.get("versionId") else {}


def _wanted(ask: Ask) -> Any:
    wanted = _headers(ask)
    if wanted is not None and ask.body:
        raise same("UnexpectedContent", 400, "This request does not support content")
    if wanted is None:
        wanted = _document(ask)
    _check_owned(ask, wanted)
    return wanted


def _check_owned(ask: Ask, wanted: Any) -> None:
    """A bucket whose owner owns all objects has no ACLs, but for the one that changes nothing."""
    if ask.bucket.ownership_rule != "BucketOwnerEnforced":
        return
    only_owner = all(
        grantee.id == models.OWNER for grant in wanted.grants for grantee in grant.grantees
    ) and ask.headers.get("x-amz-acl") in (None, _HARMLESS)
    if not only_owner:
        raise same("AccessControlListNotSupported", 400, "The bucket does not allow ACLs")


def _headers(ask: Ask) -> Any:
    """The ACL that the headers ask for; none if they do not."""
    canned, grants = ask.headers.get("x-amz-acl"), []
    for name, value in ask.headers.items():
        if name.lower().startswith("x-amz-grant-"):
            permission = _PERMISSIONS.get(name.lower().removeprefix("x-amz-grant-"))
            if permission is None:
                raise invalid_argument(f"Unknown header {name}")
            grants += [models.FakeGrant([_grantee(each)], [permission]) for each in value.split(",")]
    if canned is not None and grants:
        raise invalid_request("Specifying both Canned ACLs and Header Grants is not allowed")
    if canned is not None:
        if canned not in CANNED:
            raise invalid_argument("Invalid canned acl")
        return models.get_canned_acl(canned)
    return models.FakeAcl(grants) if grants else None


def _grantee(text: str) -> Any:
    match = _GRANTEE.fullmatch(text)
    if match is None:
        raise invalid_argument("Argument format not recognized")
    return _known(match[1].lower(), match[2])


def _known(kind: str, value: str) -> Any:
    if kind == "id":
        if not _CANONICAL_ID.fullmatch(value):
            raise invalid_argument("Invalid id")
        return models.FakeGrantee(grantee_id=value)
    if kind == "uri":
        if value not in GROUPS:
            raise invalid_argument("Invalid group uri")
        return models.FakeGrantee(uri=value)
    if kind == "emailaddress":
        raise same(
            "UnresolvableGrantByEmailAddress",
            400,
            "The e-mail address you provided does not match any account on record.",
        )
    raise invalid_argument("Argument format not recognized")


def _document(ask: Ask) -> Any:
    if not ask.body:
        raise same("MissingSecurityHeader", 400, "Your request was missing a required header")
    try:
        document = ask.document
    except AwsError as error:
        raise _malformed() from error
    listed = document.get("Grants")
    if listed is None or len(listed) > MOST_GRANTS or not document.get("Owner", {}).get("ID"):
        raise _malformed()
    if document["Owner"]["ID"] != models.OWNER:
        raise same("AccessDenied", 403, "Access Denied")
    return models.FakeAcl([_grant(each) for each in listed])


def _grant(document: dict[str, Any]) -> Any:
    grantee, permission = document.get("Grantee", {}), document.get("Permission")
    kind = {"CanonicalUser": "ID", "Group": "URI", "AmazonCustomerByEmail": "EmailAddress"}.get(
        grantee.get("Type"), ""
    )
    if permission is None or not grantee.get(kind):
        raise _malformed()
    return models.FakeGrant([_known(kind.lower(), grantee[kind])], [permission])


def _malformed() -> AwsError:
    return same(
        "MalformedACLError",
        400,
        "The XML you provided was not well-formed or did not validate against our published schema",
    )


def _shown(acl: Any) -> dict[str, Any]:
    grants = [
        {"Grantee": _shown_grantee(grantee), "Permission": permission}
        for grant in acl.grants
        for grantee in grant.grantees
        for permission in grant.permissions
    ]
    return {"Owner": {"ID": models.OWNER}, "Grants": grants}


def _shown_grantee(grantee: Any) -> dict[str, str]:
    return {"Type": "Group", "URI": grantee.uri} if grantee.uri else {"Type": "CanonicalUser", "ID": grantee.id}
