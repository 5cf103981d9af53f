"""What a bucket may be told of itself: CORS, default encryption, tags, logs and the like."""

from __future__ import annotations

from typing import Any

from bench.aws_truth.case import Case
from bench.aws_truth.s3 import call_on_empty

Rule = dict[str, Any]


def _cors(says: str, code: str | None, *rules: Rule) -> Case:
    return call_on_empty(f"CORS {says}", "put_bucket_cors", code, CORSConfiguration={"CORSRules": list(rules)})


def _origin(**more: Any) -> Rule:
    return {"AllowedMethods": ["GET"], "AllowedOrigins": ["https://exams.example"], **more}


def _encryption(says: str, code: str | None, *rules: Rule) -> Case:
    configuration = {"Rules": list(rules)}
    return call_on_empty(
        f"default encryption {says}", "put_bucket_encryption", code, ServerSideEncryptionConfiguration=configuration
    )


def _default(algorithm: str, **more: Any) -> Rule:
    return {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm, **more}}


def _tags(says: str, code: str | None, *tags: tuple[str, str]) -> Case:
    listed = [{"Key": key, "Value": value} for key, value in tags]
    return call_on_empty(f"a bucket's tags {says}", "put_bucket_tagging", code, Tagging={"TagSet": listed})


def _unset(call: str, code: str | None) -> Case:
    return call_on_empty(f"{call} of a bucket that was told nothing", call, code)


CORS = [
    _cors("with one rule", None, _origin()),
    _cors("with 101 rules", "MalformedXML", *[_origin()] * 101),
    _cors("with a method unknown", "InvalidRequest", _origin(AllowedMethods=["PATCH"])),
    _cors("with two wildcards", "InvalidRequest", _origin(AllowedOrigins=["https://*.*.example"])),
    _cors("with one wildcard", None, _origin(AllowedOrigins=["https://*.example"])),
    _cors("with a wildcard to expose", "InvalidRequest", _origin(ExposeHeaders=["x-*"])),
    _cors("with an ID of 256 letters", "MalformedXML", _origin(ID="i" * 256)),
]
ENCRYPTION = [
    _encryption("with KMS", None, _default("aws:kms") | {"BucketKeyEnabled": True}),
    _encryption("twice", "MalformedXML", *[_default("AES256")] * 2),
    _encryption("by an algorithm unknown", "MalformedXML", _default("AES512")),
    _encryption("with a key for AES256", "InvalidArgument", _default("AES256", KMSMasterKeyID="alias/x")),
]
TAGS = [
    _tags("50 of them", None, *[(str(number), "") for number in range(50)]),
    _tags("51 of them", "BadRequest", *[(str(number), "") for number in range(51)]),
    _tags("one twice", "InvalidTag", ("a", "1"), ("a", "2")),
    _tags("with a key of 129 letters", "InvalidTag", ("k" * 129, "")),
    _tags("with a value of 257 letters", "InvalidTag", ("k", "v" * 257)),
    _tags("with `aws:`", "InvalidTag", ("aws:owner", "x")),
]
UNSET = [
    _unset("get_bucket_website", "NoSuchWebsiteConfiguration"),
    _unset("get_bucket_replication", "ReplicationConfigurationNotFoundError"),
    _unset("get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration"),
    _unset("get_bucket_cors", "NoSuchCORSConfiguration"),
    _unset("get_bucket_tagging", "NoSuchTagSet"),
    _unset("get_bucket_policy", "NoSuchBucketPolicy"),
    _unset("get_bucket_logging", None),
    _unset("get_bucket_request_payment", None),
    call_on_empty("inventory that is not there", "get_bucket_inventory_configuration", "NoSuchConfiguration", Id="x"),
    call_on_empty("metrics that are not there", "get_bucket_metrics_configuration", "NoSuchConfiguration", Id="x"),
    call_on_empty(
        "logs to a bucket that is not there",
        "put_bucket_logging",
        "InvalidTargetBucketForLogging",
        BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": "not-there-at-all", "TargetPrefix": ""}},
    ),
    call_on_empty(
        "a website without index",
        "put_bucket_website",
        "InvalidArgument",
        WebsiteConfiguration={"ErrorDocument": {"Key": "e"}},
    ),
    call_on_empty(
        "a public ACL for a bucket without ACLs", "put_bucket_acl", "AccessControlListNotSupported", ACL="public-read"
    ),
]
CASES = [*CORS, *ENCRYPTION, *TAGS, *UNSET]
