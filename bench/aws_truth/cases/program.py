"""What the program's identities may do, by the policies that it declares and with the buckets that it makes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bench.aws_truth.account import Account
from bench.aws_truth.case import Attempt, Case
from bench.aws_truth.environment import BODY, OLD_KEY, Environment

NEW: dict[str, Any] = {"Key": "daily/new.dump", "Body": BODY}
ONCE = {**NEW, "IfNoneMatch": "*"}
CUSTOMERS = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "k" * 32}
LATER = datetime(2999, 1, 1, tzinfo=UTC)
RULE = {"ID": "a", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
ALARM = {
    "MetricName": "BackupCompleted",
    "Statistic": "Sum",
    "Period": 3600,
    "EvaluationPeriods": 1,
    "Threshold": 1,
    "ComparisonOperator": "LessThanThreshold",
    "Tags": [{"Key": "Project", "Value": "x"}],
}
DENIED = "AccessDenied"


def by(
    says: str, who: str, service: str, attempt: Callable[[Any, Environment], Any], code: str | None = None
) -> Case:
    """One call of one identity of an environment."""

    def prepare(account: Account) -> Attempt:
        environment = Environment(account)
        client = environment.client(who, service)
        return lambda: attempt(client, environment)

    return Case(f"{who} {says}", prepare, code)


def backup(says: str, code: str | None = None, /, **put: Any) -> Case:
    """The backup service puts an object."""
    return by(says, "backup", "s3", lambda s3, it: s3.put_object(Bucket=it.backups, **put), code)


def _in_parts(
    code: str | None, says: str, who: str, bucket: str, *, end: Callable[[Any, dict[str, Any], Any], Any]
) -> Case:
    """An upload in parts up to its last step, which is judged."""

    def prepare(account: Account) -> Attempt:
        environment = Environment(account)
        s3 = environment.client(who, "s3")
        place = {"Bucket": getattr(environment, bucket), "Key": "daily/new.dump"}
        place["UploadId"] = s3.create_multipart_upload(**place)["UploadId"]
        part = s3.upload_part(**place, PartNumber=1, Body=BODY)
        return lambda: end(s3, place, {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})

    return Case(f"{who} {says}", prepare, code)


def _with_key(says: str, code: str | None, *, own: bool) -> Case:
    def attempt(s3: Any, it: Environment) -> Any:
        key = it.key if own else it.other_key()
        return s3.put_object(Bucket=it.backups, **ONCE, ServerSideEncryption="aws:kms", SSEKMSKeyId=key)

    return by(says, "backup", "s3", attempt, code)


def _copies(says: str, code: str | None, *, of: str) -> Case:
    """The pipeline reads an image of another environment's registry, in the same account."""

    def attempt(ecr: Any, it: Environment) -> Any:
        name = it.stack.model_copy(update={"environment": of}).names.repository
        it.admin("ecr").create_repository(repositoryName=name)
        return ecr.batch_get_image(repositoryName=name, imageIds=[{"imageTag": "missing"}])

    return by(says, "deploy", "ecr", attempt, code)


def _complete(s3: Any, place: dict[str, Any], parts: Any) -> Any:
    return s3.complete_multipart_upload(**place, MultipartUpload=parts)


def _complete_once(s3: Any, place: dict[str, Any], parts: Any) -> Any:
    return s3.complete_multipart_upload(**place, MultipartUpload=parts, IfNoneMatch="*")


def _abort(s3: Any, place: dict[str, Any], _parts: Any) -> Any:
    return s3.abort_multipart_upload(**place)


def _version(it: Environment) -> dict[str, str]:
    head = it.admin("s3").head_object(Bucket=it.backups, Key=OLD_KEY)
    return {"Bucket": it.backups, "Key": OLD_KEY, "VersionId": head["VersionId"]}


def _tagged(arn: str, service: str) -> Callable[[Any, Environment], Any]:
    def attempt(client: Any, it: Environment) -> Any:
        if service == "sns":
            topic = it.admin("sns").create_topic(Name=it.stack.names.topic)["TopicArn"]
            return client.tag_resource(ResourceArn=topic, Tags=[{"Key": "a", "Value": "b"}])
        return client.put_metric_alarm(AlarmName=arn.format(names=it.stack.names), Namespace="x", **ALARM)

    return attempt


RETENTION = {"Mode": "GOVERNANCE", "RetainUntilDate": LATER}
LIFECYCLE = {"Rules": [RULE]}
SUSPENDED = {"Status": "Suspended"}
CORS = {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]}
METRIC = [{"MetricName": "BackupCompleted", "Value": 1}]

CASES = [
    backup("writes a backup that is new", **ONCE),
    backup("writes a backup without saying that it is new", DENIED, **NEW),
    backup("writes a backup over another", "PreconditionFailed", **{**ONCE, "Key": OLD_KEY}),
    backup("writes over another without a condition", DENIED, **{**NEW, "Key": OLD_KEY}),
    backup("writes with S3's own key", DENIED, **ONCE, ServerSideEncryption="AES256"),
    backup("writes with the account's default key", DENIED, **ONCE, ServerSideEncryption="aws:kms"),
    backup("writes with a key that it keeps to itself", DENIED, **ONCE, **CUSTOMERS),
    _with_key("writes with the environment's key", None, own=True),
    _with_key("writes with another key", DENIED, own=False),
    backup("writes with a retention of its own", DENIED, **ONCE, ObjectLockMode="GOVERNANCE",
           ObjectLockRetainUntilDate=LATER),
    _in_parts(None, "writes a new backup in parts", "backup", "backups", end=_complete_once),
    _in_parts(DENIED, "ends a backup in parts without a condition", "backup", "backups", end=_complete),
    _in_parts(None, "gives up a backup in parts", "backup", "backups", end=_abort),
    by("looks whether a backup is there", "backup", "s3",
       lambda s3, it: s3.head_object(Bucket=it.backups, Key=OLD_KEY)),
    by("reads an older version", "backup", "s3", lambda s3, it: s3.get_object(**_version(it)), DENIED),
    by("lists backups", "backup", "s3", lambda s3, it: s3.list_objects_v2(Bucket=it.backups)),
    by("deletes a backup", "backup", "s3",
       lambda s3, it: s3.delete_object(Bucket=it.backups, Key=OLD_KEY), DENIED),
    by("deletes a version", "backup", "s3", lambda s3, it: s3.delete_object(**_version(it)), DENIED),
    by("shortens a retention", "backup", "s3",
       lambda s3, it: s3.put_object_retention(**_version(it), Retention=RETENTION), DENIED),
    by("sets a lifecycle", "backup", "s3",
       lambda s3, it: s3.put_bucket_lifecycle_configuration(Bucket=it.backups, LifecycleConfiguration=LIFECYCLE),
       DENIED),
    by("suspends versions", "backup", "s3",
       lambda s3, it: s3.put_bucket_versioning(Bucket=it.backups, VersioningConfiguration=SUSPENDED), DENIED),
    by("reads media", "backup", "s3", lambda s3, it: s3.get_object(Bucket=it.media, Key=OLD_KEY)),
    by("writes media", "backup", "s3", lambda s3, it: s3.put_object(Bucket=it.media, **ONCE), DENIED),
    by("reports", "backup", "cloudwatch",
       lambda cloudwatch, it: cloudwatch.put_metric_data(Namespace=it.stack.names.metrics, MetricData=METRIC)),
    by("reports for another", "backup", "cloudwatch",
       lambda cloudwatch, it: cloudwatch.put_metric_data(Namespace="other", MetricData=METRIC), DENIED),
    by("writes a file", "media", "s3", lambda s3, it: s3.put_object(Bucket=it.media, **NEW)),
    by("deletes a file", "media", "s3", lambda s3, it: s3.delete_object(Bucket=it.media, Key=OLD_KEY)),
    by("writes a file with S3's own key", "media", "s3",
       lambda s3, it: s3.put_object(Bucket=it.media, **NEW, ServerSideEncryption="AES256"), DENIED),
    by("reads a backup", "media", "s3", lambda s3, it: s3.get_object(Bucket=it.backups, Key=OLD_KEY), DENIED),
    _in_parts(None, "writes a file in parts", "media", "media", end=_complete),
    _in_parts(None, "gives up a file in parts", "media", "media", end=_abort),
    by("reads a backup", "restore", "s3", lambda s3, it: s3.get_object(Bucket=it.backups, Key=OLD_KEY)),
    by("reads an older version", "restore", "s3", lambda s3, it: s3.get_object(**_version(it))),
    by("writes a backup", "restore", "s3", lambda s3, it: s3.put_object(Bucket=it.backups, **ONCE), DENIED),
    by("deletes a backup", "restore", "s3", lambda s3, it: s3.delete_object(**_version(it)), DENIED),
    _in_parts(None, "gives up a file in parts", "restore", "media", end=_abort),
    by("sets a lifecycle on backups", "deploy", "s3",
       lambda s3, it: s3.put_bucket_lifecycle_configuration(Bucket=it.backups, LifecycleConfiguration=LIFECYCLE),
       DENIED),
    by("sets a lifecycle on media", "deploy", "s3",
       lambda s3, it: s3.put_bucket_lifecycle_configuration(Bucket=it.media, LifecycleConfiguration=LIFECYCLE),
       DENIED),
    by("takes backups their lifecycle", "deploy", "s3",
       lambda s3, it: s3.delete_bucket_lifecycle(Bucket=it.backups), DENIED),
    by("shortens the lock", "deploy", "s3",
       lambda s3, it: s3.put_object_lock_configuration(
           Bucket=it.backups, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"}), DENIED),
    by("suspends versions", "deploy", "s3",
       lambda s3, it: s3.put_bucket_versioning(Bucket=it.backups, VersioningConfiguration=SUSPENDED), DENIED),
    by("takes backups their policy", "deploy", "s3",
       lambda s3, it: s3.delete_bucket_policy(Bucket=it.backups), DENIED),
    by("stops the access log", "deploy", "s3",
       lambda s3, it: s3.put_bucket_logging(Bucket=it.backups, BucketLoggingStatus={}), DENIED),
    by("reads the access log's setting", "deploy", "s3", lambda s3, it: s3.get_bucket_logging(Bucket=it.backups)),
    by("reads the lock", "deploy", "s3", lambda s3, it: s3.get_object_lock_configuration(Bucket=it.backups)),
    by("lets pages upload", "deploy", "s3",
       lambda s3, it: s3.put_bucket_cors(Bucket=it.media, CORSConfiguration=CORS)),
    by("reads a backup", "deploy", "s3", lambda s3, it: s3.get_object(Bucket=it.backups, Key=OLD_KEY), DENIED),
    by("makes an alarm with tags", "deploy", "cloudwatch", _tagged("{names.stem}-no-backup", "cloudwatch")),
    by("makes another's alarm", "deploy", "cloudwatch", _tagged("other-no-backup", "cloudwatch"), DENIED),
    by("tags the topic", "deploy", "sns", _tagged("", "sns")),
    by("gives itself a policy", "deploy", "iam",
       lambda iam, it: iam.put_role_policy(
           RoleName=it.stack.names.identity("deploy"), PolicyName="deploy", PolicyDocument="{}"), DENIED),
    _copies("copies what was tested", None, of="staging"),
    _copies("copies from elsewhere", "AccessDeniedException", of="dev"),
]  # fmt: skip
