"""What S3 checks of a bucket's policy when it is put, and what its public access block does not let pass."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from localcloud.aws.call import Call
from localcloud.aws.iam import public, resource_policy
from localcloud.aws.iam.document import as_list
from localcloud.aws.iam.patterns import glob
from localcloud.aws.iam.requests import s3_access, s3_operations, s3_things
from localcloud.aws.iam.resource_policy import MalformedError, Rules
from localcloud.aws.replies import AwsError, same

LONGEST = 20_480  # bytes
_PUBLIC_ACLS = ("authenticated-read", "public-read", "public-read-write")
_WORDS = {
    "syntax": "Policies must be valid JSON and the first byte must be '{{'",
    "version": "The policy must contain a valid version string",
    "element": "Missing required field {}",
    "unknown element": "Unknown field {}",
    "effect": "Invalid effect: {}",
    "principal": "Invalid principal in policy",
    "unknown principal": "Invalid principal in policy",
    "action": "Policy has invalid action",
    "resource": "Policy has invalid resource",
    "fit": "Action does not apply to any resource(s) in statement",
}


def check(body: bytes, bucket: Any, caller_arn: str) -> None:
    """Raise S3's error for a policy that it would not take."""
    text = body.decode("utf-8", "replace")
    if len(body) > LONGEST:
        raise _malformed(f"Policies must not be larger than {LONGEST} bytes")
    rules = Rules(_is_action, partial(_is_resource, bucket.name), fits=_fits)
    try:
        resource_policy.check(text, rules)
    except MalformedError as problem:
        raise _malformed(_WORDS[problem.fault].replace("{}", str(problem))) from problem
    if s3_access.blocks(bucket, "block_public_policy") and public.is_public(text):
        raise _prevented(caller_arn, "s3:PutBucketPolicy", bucket.arn, "public policies", "BlockPublicPolicy")


def check_acl(call: Call, action: str, bucket: Any, resource: str, caller_arn: str) -> None:
    """Raise S3's error for a public ACL, in headers or body, where the bucket blocks them."""
    if not s3_access.blocks(bucket, "block_public_acls") or bucket.ownership_rule == "BucketOwnerEnforced":
        return  # without ACLs each is refused for another reason
    headers = s3_things.headers(call)
    said = [value for name, value in headers.items() if name.startswith("x-amz-grant-")]
    said += [call.body.decode("utf-8", "replace")] if action in ("s3:PutBucketAcl", "s3:PutObjectAcl") else []
    if headers.get("x-amz-acl") in _PUBLIC_ACLS or any(s3_access.GROUPS in text for text in said):
        raise _prevented(caller_arn, action, resource, "public access control lists (ACLs)", "BlockPublicAcls")


def _prevented(caller_arn: str, action: str, resource: str, what: str, setting: str) -> AwsError:
    said = f'User: {caller_arn} is not authorized to perform: {action} on resource: "{resource}" because {what} are '
    return same("AccessDenied", 403, f"{said}prevented by the {setting} setting in S3 Block Public Access.")


def _malformed(message: str) -> AwsError:
    return same("MalformedPolicy", 400, message)


def _is_action(action: str) -> bool:
    if action == "*":
        return True
    known = s3_operations.OBJECT_ACTIONS | s3_operations.BUCKET_ACTIONS
    return action.lower().startswith("s3:") and s3_operations.named(action, known)


def _is_resource(bucket: str, resource: str) -> bool:
    """Of this bucket alone; a pattern must be able to name it."""
    prefix, _, rest = resource.partition(":::")
    name = rest.partition("/")[0]
    return prefix == "arn:aws:s3" and bool(glob([(name, True)], any_case=False).fullmatch(bucket))


def _fits(statement: Mapping[str, Any]) -> bool:
    """Whether every action has a resource of its kind, and some resource suits some action."""
    if "NotAction" in statement or "NotResource" in statement:
        return True
    resources = as_list(statement["Resource"])
    objects = any("/" in resource.partition(":::")[2] or resource.endswith("*") for resource in resources)
    buckets = any("/" not in resource.partition(":::")[2] for resource in resources)
    for action in as_list(statement["Action"]):
        of_objects = action == "*" or s3_operations.named(action, s3_operations.OBJECT_ACTIONS)
        of_buckets = action == "*" or s3_operations.named(action, s3_operations.BUCKET_ACTIONS)
        if not (of_objects and objects) and not (of_buckets and buckets):
            return False
    return True
