"""When a bucket's objects move to cheaper storage and when they go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from localcloud.plugins.aws import tags
from localcloud.plugins.aws.errors import or_none
from localcloud.plugins.aws.lifecycle_rules import breaches
from localcloud.plugins.aws.s3.bucket_setting import BUCKET, BucketSetting
from localcloud.plugins.aws.shapes import from_aws, to_aws
from localcloud.plugins.checks import at_least, at_most, between, length, matches, one_of
from localcloud.plugins.fields import Fields, boolean, integer, mapping, ordered, string, structure
from pulumi_plugin.values import Values

_STORAGE_CLASS = string(
    required=True,
    valid=(one_of("GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR"),),
)
_MIDNIGHT = (matches(r"\d{4}-\d\d-\d\dT00:00:00Z", "must be midnight UTC, such as 2027-01-01T00:00:00Z"),)
_NONCURRENT_DAYS = integer(required=True, valid=(at_least(1),))
_NEWER = integer(valid=(between(1, 100),))
_SIZES = {"objectSizeGreaterThan": integer(), "objectSizeLessThan": integer()}
_RULE = {
    "id": string(required=True, valid=(length(1, 255),)),
    "status": string(required=True, valid=(one_of("Enabled", "Disabled"),)),
    "prefix": string(),
    "filter": structure(
        {
            "prefix": string(),
            "tag": structure({"key": string(required=True), "value": string(required=True)}),
            "and": structure({"prefix": string(), "tags": mapping(), **_SIZES}),
            **_SIZES,
        }
    ),
    "expiration": structure(
        {
            "days": integer(valid=(at_least(1),)),
            "date": string(valid=_MIDNIGHT),
            "expiredObjectDeleteMarker": boolean(default=False),
        }
    ),
    "transitions": ordered(
        structure(
            {
                "storageClass": _STORAGE_CLASS,
                "days": integer(valid=(at_least(0),)),
                "date": string(valid=_MIDNIGHT),
            }
        )
    ),
    "noncurrentVersionExpiration": structure({"noncurrentDays": _NONCURRENT_DAYS, "newerNoncurrentVersions": _NEWER}),
    "noncurrentVersionTransitions": ordered(
        structure(
            {
                "noncurrentDays": _NONCURRENT_DAYS,
                "storageClass": _STORAGE_CLASS,
                "newerNoncurrentVersions": _NEWER,
            }
        )
    ),
    "abortIncompleteMultipartUpload": structure({"daysAfterInitiation": integer(valid=(at_least(1),))}),
}


class BucketLifecycleConfiguration(BucketSetting):
    """All rules of one bucket."""

    type_ = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    fields: ClassVar[Fields] = {**BUCKET, "rules": ordered(structure(_RULE), required=True, valid=(at_most(1000),))}
    constants: ClassVar[Mapping[str, Any]] = {
        "expectedBucketOwner": "",
        "transitionDefaultMinimumObjectSize": "all_storage_classes_128K",
    }

    def invalid(self, inputs: Values) -> Mapping[str, str]:
        """What no rule's values show alone."""
        return breaches(inputs.get("rules"))

    def put(self, s3: Any, bucket: str, inputs: Values) -> None:
        """Set all rules."""
        rules = [_rule_to_aws(rule) for rule in inputs["rules"]]
        s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})

    def get(self, s3: Any, bucket: str) -> Values | None:
        """The rules, or None."""
        answer = or_none(s3.get_bucket_lifecycle_configuration, Bucket=bucket)
        return None if answer is None else {"rules": [_rule_from_aws(rule) for rule in answer["Rules"]]}

    def remove(self, s3: Any, bucket: str) -> None:
        """Keep everything."""
        s3.delete_bucket_lifecycle(Bucket=bucket)


def _rule_to_aws(rule: Values) -> Values:
    given = {key: value for key, value in rule.items() if key != "filter"}
    wanted: Values = to_aws(given)
    expiration = wanted.get("Expiration")
    if expiration and not expiration.get("ExpiredObjectDeleteMarker"):
        expiration.pop("ExpiredObjectDeleteMarker", None)
    chosen = dict(rule.get("filter") or {})
    together = dict(chosen.pop("and", None) or {})
    if "prefix" in wanted or "Prefix" in wanted:
        return wanted
    wanted["Filter"] = to_aws(chosen)
    if together:
        both = tags.as_list({"tagsAll": together.pop("tags", None)})
        wanted["Filter"]["And"] = {**to_aws(together), **({"Tags": both} if both else {})}
    if not wanted["Filter"]:
        wanted["Filter"] = {"Prefix": ""}
    return wanted


def _rule_from_aws(rule: Values) -> Values:
    given: Values = from_aws({key: value for key, value in rule.items() if key != "Filter"})
    chosen = dict(rule.get("Filter") or {})
    together = dict(chosen.pop("And", None) or {})
    wanted = from_aws(chosen)
    if chosen == {"Prefix": ""}:
        wanted = {"prefix": ""}  # all objects, said so: it is not the same as no filter, which is an old rule
    if together:
        wanted["and"] = from_aws({key: value for key, value in together.items() if key != "Tags"})
        if together.get("Tags"):
            wanted["and"]["tags"] = tags.as_map(together["Tags"])
    return {**given, **({"filter": wanted} if wanted else {})}
