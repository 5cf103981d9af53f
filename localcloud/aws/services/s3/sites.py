"""Configurations by which a bucket reaches other places: its website, its logs, its replicas, its notifications."""

from __future__ import annotations

from typing import Any

from localcloud.aws.replies import AwsError
from localcloud.aws.services.s3 import documents
from localcloud.aws.services.s3.ask import Answer, Ask
from localcloud.aws.services.s3.errors import invalid_argument, invalid_request, malformed_xml, refuse

MOST_ROUTES = 50
MOST_REPLICATIONS = 1000


def check_website(ask: Ask) -> None:
    """Either all is sent on, or there is an index."""
    site = ask.document
    if "RedirectAllRequestsTo" in site:
        if len(site) > 1:
            raise invalid_argument(
                "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules."
            )
        return
    if not site.get("IndexDocument"):
        raise invalid_argument("A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty")
    suffix = site["IndexDocument"]["Suffix"]
    if not suffix or "/" in suffix:
        raise invalid_argument("The IndexDocument Suffix is not well formed")
    if len(site.get("RoutingRules", [])) > MOST_ROUTES:
        raise malformed_xml()


def check_logging(ask: Ask) -> None:
    """The logs go to a bucket of the same account and region that lets S3 deliver them, by policy or ACL."""
    wanted = ask.document.get("LoggingEnabled")
    if wanted is None:
        return
    from localcloud.aws.iam.requests.s3_things import bucket_named  # policies know of S3's settings themselves
    from localcloud.aws.services.s3 import log_delivery

    name = wanted["TargetBucket"]
    target = bucket_named(name)
    if target is None:
        raise _bad_target("The target bucket for logging does not exist", name)
    if target.account_id != ask.bucket.account_id:
        raise _bad_target("The owner for the bucket to be logged and the target bucket must be the same.", name)
    if target.region_name != ask.bucket.region_name:
        raise refuse(
            "CrossLocationLoggingProhibited",
            403,
            "Cross S3 location logging not allowed. ",
            TargetBucketLocation=target.region_name,
        )
    if wanted.get("TargetGrants") and target.ownership_rule == "BucketOwnerEnforced":
        raise invalid_argument("TargetGrants are not supported with ObjectOwnership's BucketOwnerEnforced setting")
    if log_delivery.refusal(ask.bucket, target, log_delivery.example(wanted)):
        wanting = "You must give the log-delivery group WRITE and READ_ACP permissions to the target bucket"
        raise _bad_target(wanting, name)


def _bad_target(message: str, name: str) -> AwsError:
    return refuse("InvalidTargetBucketForLogging", 400, message, TargetBucket=name)


def check_acceleration(ask: Ask) -> None:
    """A name with dots has no accelerated address."""
    if "Status" not in ask.document:
        raise malformed_xml()
    if "." in ask.bucket_name:
        raise invalid_request("S3 Transfer Acceleration is not supported for buckets with periods (.) in their names")


def check_replication(ask: Ask) -> None:
    """Replicas need versions on this side; each rule its own priority and name."""
    if not ask.bucket.is_versioned:
        raise invalid_request("Versioning must be 'Enabled' on the bucket to apply a replication configuration")
    rules = ask.document["Rules"]
    if not 1 <= len(rules) <= MOST_REPLICATIONS:
        raise malformed_xml()
    if not ask.document["Role"].startswith("arn:aws:iam::"):
        raise invalid_argument("Invalid Role specified in replication configuration")
    for rule in rules:
        _check_replica(rule)
    priorities = [rule["Priority"] for rule in rules if "Priority" in rule]
    if len(priorities) != len(set(priorities)):
        raise invalid_request("Found duplicate priorities in replication rules")


def _check_replica(rule: dict[str, Any]) -> None:
    if not rule["Destination"]["Bucket"].startswith("arn:aws:s3:::"):
        raise invalid_argument("Invalid bucket ARN.")
    if ("Prefix" in rule) == ("Filter" in rule) or len(rule.get("ID", "")) > 255:
        raise malformed_xml()
    if "Filter" in rule and ("Priority" not in rule or "DeleteMarkerReplication" not in rule):
        raise malformed_xml()


def put_notification(ask: Ask) -> Answer:
    """PutBucketNotificationConfiguration: moto sends the events; an empty document ends them."""
    told = documents.payload(ask.action, ask.body, closed=False)
    _check_notification(ask, told)
    wanted = ask.moto._notification_config_from_body() if told else None
    ask.moto.backend.put_bucket_notification_configuration(ask.bucket_name, wanted)
    return 200, {}, ""


def _check_notification(ask: Ask, told: dict[str, Any]) -> None:
    events = documents.operation(ask.action).input_shape.members["NotificationConfiguration"]
    known = events.members["TopicConfigurations"].member.members["Events"].member.enum
    names: list[str] = []
    for kind, arn in (
        ("TopicConfigurations", "sns"),
        ("QueueConfigurations", "sqs"),
        ("LambdaFunctionConfigurations", "lambda"),
    ):
        for each in told.get(kind, []):
            target = next(value for name, value in each.items() if name.endswith("Arn"))
            if not target.startswith(f"arn:aws:{arn}:") or target.count(":") < 5:
                raise invalid_argument("The ARN could not be parsed or is not well formed")
            if not each["Events"] or not set(each["Events"]) <= set(known):
                raise invalid_argument("The event is not supported for notifications")
            rules = each.get("Filter", {}).get("Key", {}).get("FilterRules", [])
            if any(rule.get("Name") not in ("prefix", "suffix") or not rule.get("Value") for rule in rules):
                raise invalid_argument("filter rule name must be either prefix or suffix")
            names += [each["Id"]] if "Id" in each else []
    if len(names) != len(set(names)):
        raise invalid_argument("Same ID used for multiple configurations. IDs must be unique")
