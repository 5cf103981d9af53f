"""Ways into a bucket that are no identity's: its policy and ACLs, as far as the public access block leaves them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from localcloud.aws.caller import Caller
from localcloud.aws.iam import public
from localcloud.aws.iam.ask import ResourcePolicy
from localcloud.aws.iam.document import as_list

GROUPS = "http://acs.amazonaws.com/groups/global/"
_EVERYBODY, _SIGNED = f"{GROUPS}AllUsers", f"{GROUPS}AuthenticatedUsers"
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions
_BUCKET = {
    "READ": ("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"),
    "WRITE": ("s3:PutObject", "s3:DeleteObject"),
    "READ_ACP": ("s3:GetBucketAcl",),
    "WRITE_ACP": ("s3:PutBucketAcl",),
}
_OBJECT = {
    "READ": ("s3:GetObject", "s3:GetObjectVersion"),
    "READ_ACP": ("s3:GetObjectAcl", "s3:GetObjectVersionAcl"),
    "WRITE_ACP": ("s3:PutObjectAcl", "s3:PutObjectVersionAcl"),
}


def policy(bucket: Any, caller: Caller) -> ResourcePolicy:
    """The bucket's policy; with RestrictPublicBuckets a public one lets in nobody from outside the account."""
    document = (bucket.policy or b'{"Statement": []}').decode()
    outside = caller.kind == "anonymous" or caller.account != bucket.account_id
    if outside and caller.kind != "service" and blocks(bucket, "restrict_public_buckets"):
        document = _restricted(document)
    return ResourcePolicy(document, bucket.account_id)


def granted(action: str, bucket: Any, found: Any, caller: Caller) -> bool:
    """Whether an ACL lets everybody, or everybody who signs, do it. Owners have their rights by their policies."""
    if bucket.ownership_rule == "BucketOwnerEnforced" or blocks(bucket, "ignore_public_acls"):
        return False
    groups = {_EVERYBODY} if caller.kind == "anonymous" else {_EVERYBODY, _SIGNED}
    if _names(bucket.acl, _BUCKET, action, groups):
        return True
    return found is not None and _names(found.acl, _OBJECT, action, groups)


def is_public(acl: Any) -> bool:
    """Whether an ACL gives anything to everybody."""
    return acl is not None and any(
        grantee.uri in (_EVERYBODY, _SIGNED) for grant in acl.grants for grantee in grant.grantees
    )


def is_own(acl: Any) -> bool:
    """Whether an ACL gives nothing to anybody but the owner."""
    return acl is None or all(not grantee.uri for grant in acl.grants for grantee in grant.grantees)


def _names(acl: Any, actions: Mapping[str, tuple[str, ...]], action: str, groups: set[str]) -> bool:
    for grant in acl.grants if acl else ():
        permissions = set(actions) if "FULL_CONTROL" in grant.permissions else set(grant.permissions)
        if any(action in actions.get(each, ()) for each in permissions) and any(
            grantee.uri in groups for grantee in grant.grantees
        ):
            return True
    return False


def blocks(bucket: Any, what: str) -> bool:
    """A setting of the public access block; moto keeps it as a truth or as a word."""
    block = bucket.public_access_block
    return block is not None and str(getattr(block, what)).lower() == "true"


@lru_cache(maxsize=128)
def _restricted(document: str) -> str:
    written = json.loads(document)
    if not public.is_public(document):
        return document
    denials = [each for each in as_list(written.get("Statement", [])) if each.get("Effect") == "Deny"]
    return json.dumps({**written, "Statement": denials})
