"""Declarations with a wrong value, and what check says to each: the words of the provider, at the property's path."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.plugins.aws.provider import AwsProvider, provider
from pulumi_plugin.values import UNKNOWN, Values
from tests.support.aws_cases import CASES, filled
from tests.support.plugin_engine import call

RIGHT = {
    case.type_.rpartition(":")[2]: (case.type_, filled(case.inputs, name="right", need="right")) for case in CASES
}
NO_ARN = "(x) is an invalid ARN: arn: invalid prefix"


@pytest.fixture(scope="module")
def plugin() -> AwsProvider:
    """A plugin that was told its region and asks nobody."""
    plugin = provider()
    plugin.configure({"region": "eu-central-1", "skipCredentialsValidation": "true"})
    return plugin


def rule(**more: Any) -> Values:
    """A lifecycle with one rule."""
    return {"rules": [{"id": "one", "status": "Enabled", "filter": {}, "expiration": {"days": 9}, **more}]}


def moving(days: int, storage: str = "GLACIER", **more: Any) -> Values:
    """A lifecycle that moves objects elsewhere."""
    return rule(transitions=[{"days": days, "storageClass": storage}], **more)


def lock(**retention: Any) -> Values:
    """A bucket's lock."""
    return {"rule": {"defaultRetention": retention}}


WRONG: list[tuple[str, Values, str, str]] = [
    ("MetricAlarm", {"comparisonOperator": "Foo"}, "comparisonOperator",
     'expected comparison_operator to be one of ["GreaterThanOrEqualToThreshold" "GreaterThanThreshold" '),
    ("MetricAlarm", {"statistic": "Median"}, "statistic",
     'expected statistic to be one of ["SampleCount" "Average" "Sum" "Minimum" "Maximum"], got Median'),
    ("MetricAlarm", {"treatMissingData": "ok"}, "treatMissingData", "expected treat_missing_data to be one of ["),
    ("MetricAlarm", {"unit": "Furlongs"}, "unit", "expected unit to be one of ["),
    ("MetricAlarm", {"evaluationPeriods": 0}, "evaluationPeriods",
     "expected evaluation_periods to be at least (1), got 0"),
    ("MetricAlarm", {"datapointsToAlarm": 27}, "datapointsToAlarm", "must not be greater than evaluation_periods"),
    ("MetricAlarm", {"period": 45}, "period",
     ("expected period to be one of [10], got 45, expected period to be one of [20], got 45, "
      "expected period to be one of [30], got 45, expected period to be divisible by 60, got: 45")),
    ("MetricAlarm", {"extendedStatistic": "p99"}, "statistic", "one of `statistic` or `extended_statistic` must be"),
    ("MetricAlarm", {"extendedStatistic": "best"}, "extendedStatistic", "invalid value for extended_statistic ("),
    ("MetricAlarm", {"namespace": ":cams"}, "namespace", "invalid value for namespace (must not begin with a colon)"),
    ("MetricAlarm", {"name": "a" * 256}, "name", "expected length of name to be in the range (1 - 255), got aaa"),
    ("MetricAlarm", {"alarmActions": ["x"]}, "alarmActions[0]", f'"alarm_actions" {NO_ARN}'),
    ("MetricAlarm", {"alarmActions": [f"arn:aws:sns:eu-central-1:123456789012:{n}" for n in range(6)]},
     "alarmActions", "Attribute alarm_actions supports 5 item maximum, but config has 6 declared"),
    ("MetricAlarm", {"metricName": None}, "metricName", "one of `metric_name` or `metric_query` must be set"),
    ("MetricAlarm", {"threshold": None}, "threshold", "one of `threshold` or `threshold_metric_id` must be set"),
    ("Key", {"deletionWindowInDays": 3}, "deletionWindowInDays",
     "expected deletion_window_in_days to be in the range (7 - 30), got 3"),
    ("Key", {"deletionWindowInDays": 31}, "deletionWindowInDays", "expected deletion_window_in_days to be in the"),
    ("Key", {"rotationPeriodInDays": 30}, "rotationPeriodInDays", "expected rotation_period_in_days to be in the"),
    ("Key", {"keyUsage": "SIGN"}, "keyUsage", "expected key_usage to be one of ["),
    ("Key", {"customerMasterKeySpec": "AES_256"}, "customerMasterKeySpec", "expected customer_master_key_spec to be"),
    ("Key", {"policy": "{"}, "policy", '"policy" contains an invalid JSON policy: '),
    ("Alias", {"name": "right"}, "name", "invalid value for name (name must begin with 'alias/' and be comprised of"),
    ("Alias", {"name": "alias/aws/s3"}, "name", "invalid value for name (name cannot begin with reserved AWS CMK"),
    ("Secret", {"recoveryWindowInDays": 3}, "recoveryWindowInDays",
     ("expected recovery_window_in_days to be in the range (7 - 30), got 3, "
      "expected recovery_window_in_days to be one of [0], got 3")),
    ("Secret", {"name": "a secret"}, "name", "invalid value for name (must contain only alphanumeric characters"),
    ("Secret", {"policy": "[]"}, "policy", '"policy" contains an invalid JSON policy: not a JSON object'),
    ("Role", {"name": "a" * 70}, "name", "expected length of name to be in the range (1 - 64), got aaaa"),
    ("Role", {"name": "a role"}, "name", "invalid value for name (must match "),
    ("Role", {"maxSessionDuration": 60}, "maxSessionDuration",
     "expected max_session_duration to be in the range (3600 - 43200), got 60"),
    ("Role", {"maxSessionDuration": 43201}, "maxSessionDuration", "expected max_session_duration to be in the range"),
    ("Role", {"path": "teams"}, "path", "invalid value for path (must begin and end with a slash (/))"),
    ("Role", {"permissionsBoundary": "x"}, "permissionsBoundary", f'"permissions_boundary" {NO_ARN}'),
    ("Role", {"assumeRolePolicy": " {}"}, "assumeRolePolicy",
     '"assume_role_policy" contains an invalid JSON policy: leading space characters are not allowed'),
    ("RolePolicy", {"policy": ""}, "policy", '"policy" is an empty string, which is not a valid JSON value'),
    ("RolePolicy", {"name": "a" * 129}, "name", "expected length of name to be in the range (1 - 128), got aaaa"),
    ("User", {"name": "a" * 65}, "name", "expected length of name to be in the range (1 - 64), got aaaa"),
    ("UserPolicy", {"name": "a policy"}, "name", "invalid value for name (must match "),
    ("AccessKey", {"status": "Off"}, "status", 'expected status to be one of ["Active" "Inactive"], got Off'),
    ("OpenIdConnectProvider", {"url": "http://right.example"}, "url", '"url" has to use HTTPS scheme'),
    ("OpenIdConnectProvider", {"url": "https://right.example?a=1"}, "url", '"url" cannot contain query parameters'),
    ("OpenIdConnectProvider", {"thumbprintLists": ["abc"]}, "thumbprintLists[0]",
     "expected length of thumbprint_lists to be in the range (40 - 40), got abc"),
    ("Repository", {"name": "Right"}, "name", "invalid value for name (must be lowercase letters"),
    ("Repository", {"imageTagMutability": "NEVER"}, "imageTagMutability", "expected image_tag_mutability to be one"),
    ("Repository", {"encryptionConfigurations": [{"encryptionType": "ROT13"}]},
     "encryptionConfigurations[0].encryptionType",
     'expected encryption_type to be one of ["AES256" "KMS" "KMS_DSSE"], got ROT13'),
    ("LifecyclePolicy", {"policy": "{"}, "policy", '"policy" contains an invalid JSON: '),
    ("Bucket", {"bucket": "Right"}, "bucket", "invalid value for bucket (only lowercase alphanumeric characters"),
    ("Bucket", {"bucket": "ab"}, "bucket", "expected length of bucket to be in the range (3 - 63), got ab"),
    ("Bucket", {"bucket": "192.168.5.4"}, "bucket", "invalid value for bucket (must not be formatted as an IP"),
    ("Bucket", {"bucket": "xn--right"}, "bucket", "invalid value for bucket (must not begin with a prefix"),
    ("Bucket", {"bucket": "right-s3alias"}, "bucket", "invalid value for bucket (must not end with a suffix"),
    ("Bucket", {"bucket": "right-"}, "bucket", "invalid value for bucket (must begin and end with a letter"),
    ("Bucket", {"tags": {"a": "b" * 300}}, "tags.a", "expected length of a to be in the range (0 - 256), got bbbb"),
    ("Bucket", {"tags": {"k" * 129: "b"}}, f"tags.{'k' * 129}", "expected length of kkkk"),
    ("Bucket", {"tags": {"aws:owner": "b"}}, "tags.aws:owner", "invalid value for aws:owner (must not begin with"),
    ("Bucket", {"tags": {"a": "<b>"}}, "tags.a", "invalid value for a (must only contain letters, numbers, spaces"),
    ("Bucket", {"tags": {f"k{n}": "b" for n in range(51)}}, "tags", "Attribute tags supports 50 item maximum"),
    ("BucketVersioning", {"versioningConfiguration": {"status": "On"}}, "versioningConfiguration.status",
     'expected status to be one of ["Enabled" "Suspended" "Disabled"], got On'),
    ("BucketVersioning", {"versioningConfiguration": {"status": "Enabled", "mfaDelete": "x"}},
     "versioningConfiguration.mfaDelete", 'expected mfa_delete to be one of ["Enabled" "Disabled"], got x'),
    ("BucketServerSideEncryptionConfiguration",
     {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aes"}}]},
     "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm", "expected sse_algorithm to be one of ["),
    ("BucketOwnershipControls", {"rule": {"objectOwnership": "Mine"}}, "rule.objectOwnership",
     "expected object_ownership to be one of ["),
    ("BucketObjectLockConfiguration", lock(mode="FOREVER", days=1), "rule.defaultRetention.mode",
     'expected mode to be one of ["GOVERNANCE" "COMPLIANCE"], got FOREVER'),
    ("BucketObjectLockConfiguration", lock(mode="GOVERNANCE", days=0), "rule.defaultRetention.days",
     "expected days to be at least (1), got 0"),
    ("BucketObjectLockConfiguration", lock(mode="GOVERNANCE", days=1, years=1), "rule.defaultRetention.days",
     '"days": conflicts with years'),
    ("BucketObjectLockConfiguration", lock(mode="GOVERNANCE"), "rule.defaultRetention.days",
     '"days": one of `days,years` must be specified'),
    ("BucketObjectLockConfiguration", lock(days=1), "rule.defaultRetention.mode", "missing required property"),
    ("BucketCorsConfiguration", {"corsRules": [{"allowedMethods": ["PATCH"], "allowedOrigins": ["*"]}]},
     "corsRules[0].allowedMethods[0]", "expected allowed_methods to be one of ["),
    ("BucketPolicy", {"policy": "not json"}, "policy", '"policy" contains an invalid JSON policy: '),
    ("BucketLifecycleConfiguration", rule(expiration=None), "rules[0]", "at least one of the following is required:"),
    ("BucketLifecycleConfiguration", {"rules": [*rule()["rules"], *rule()["rules"]]}, "rules[1].id",
     "Rule ID must be unique. Found same ID for more than one rule: one"),
    ("BucketLifecycleConfiguration", rule(status="On"), "rules[0].status", "expected status to be one of ["),
    ("BucketLifecycleConfiguration", rule(expiration={"days": 0}), "rules[0].expiration.days",
     "expected days to be at least (1), got 0"),
    ("BucketLifecycleConfiguration", rule(expiration={}), "rules[0]", "at least one of the following is required:"),
    ("BucketLifecycleConfiguration", rule(expiration={"days": 1, "date": "2027-01-01T00:00:00Z"}),
     "rules[0].expiration", "exactly one of days, date and expiredObjectDeleteMarker must be specified"),
    ("BucketLifecycleConfiguration", rule(expiration={"date": "2027-01-01T10:00:00Z"}), "rules[0].expiration.date",
     "invalid value for date (must be midnight UTC"),
    ("BucketLifecycleConfiguration", moving(30, expiration={"days": 30}), "rules[0].expiration.days",
     "must be greater than the days of every transition (30), got 30"),
    ("BucketLifecycleConfiguration", moving(1, "STANDARD_IA"), "rules[0].transitions[0].days",
     "must be greater than or equal to 30 for storageClass 'STANDARD_IA', got 1"),
    ("BucketLifecycleConfiguration", moving(1, "ICE"), "rules[0].transitions[0].storageClass",
     "expected storage_class to be one of ["),
    ("BucketLifecycleConfiguration", rule(noncurrentVersionExpiration={"noncurrentDays": 0}),
     "rules[0].noncurrentVersionExpiration.noncurrentDays", "expected noncurrent_days to be at least (1), got 0"),
    ("BucketLifecycleConfiguration",
     rule(noncurrentVersionExpiration={"noncurrentDays": 1, "newerNoncurrentVersions": 101}),
     "rules[0].noncurrentVersionExpiration.newerNoncurrentVersions",
     "expected newer_noncurrent_versions to be in the range (1 - 100), got 101"),
    ("BucketLifecycleConfiguration", rule(filter={"prefix": "a/", "tag": {"key": "a", "value": "b"}}),
     "rules[0].filter", "only one of prefix, tag can be specified; `and` takes several"),
    ("Parameter", {"type": "Text"}, "type", "expected type to be one of ["),
    ("Parameter", {"tier": "Gold"}, "tier", "expected tier to be one of ["),
    ("Parameter", {"dataType": "json"}, "dataType", "expected data_type to be one of ["),
    ("Parameter", {"value": "canary" * 900}, "value",
     "Standard tier parameters support a maximum parameter value of 4096 characters"),
    ("Topic", {"name": "a topic"}, "name", "invalid value for name (invalid topic name)"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "change", "path", "reason"), WRONG)
def test_a_wrong_value_fails_the_check(
    plugin: AwsProvider, kind: str, change: Values, path: str, reason: str
) -> None:
    """The same declaration without it passes; no value of a secret is told."""
    type_, right = RIGHT[kind]
    wrong = {key: value for key, value in {**right, **change}.items() if value is not None}

    _, before = plugin.check(call(type_, inputs=right))
    _, after = plugin.check(call(type_, inputs=wrong))

    assert before == []
    assert [(where, why[: len(reason)]) for where, why in after if where == path] == [(path, reason)]
    assert "canarycanary" not in str(after)


def test_at_least_fifty_kinds_of_mistakes_are_known() -> None:
    """What the table is for."""
    assert len({(kind, path) for kind, _, path, _ in WRONG}) > 50


@pytest.mark.parametrize("kind", sorted(RIGHT))
def test_what_a_preview_does_not_know_is_not_wrong(plugin: AwsProvider, kind: str) -> None:
    """Every property may come from a resource that is not there yet."""
    type_, right = RIGHT[kind]

    for name in right:
        _, failures = plugin.check(call(type_, inputs={**right, name: UNKNOWN}))
        assert failures == [], name
