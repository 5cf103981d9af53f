"""What time does: locks and windows end, sessions, tokens and links with them; and not before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from bench.aws_truth.account import Account, allow
from bench.aws_truth.case import Attempt, Case
from bench.aws_truth.objects import bucket, put

Prepare = Callable[[Account], Attempt]
LOCKED = {"ObjectLockEnabledForBucket": True}
EVERYTHING = allow("*")


def _after(time: str, says: str, prepare: Prepare, code: str | None = None) -> Case:
    """The scene is set, then that time passes, then the call is made."""

    def later(account: Account) -> Attempt:
        attempt = prepare(account)
        account.aws.move_clock(time)
        return attempt

    return Case(f"{says}, after {time[1:]}", later, code, moves_clock=True)


def _cloud_now(account: Account) -> datetime:
    return datetime.fromisoformat(account.aws.move_clock("")["now"]).astimezone(UTC)


def _deleted(mode: str, days: int, **options: Any) -> Prepare:
    def prepare(account: Account) -> Attempt:
        until = _cloud_now(account) + timedelta(days=days)
        version = put(account, bucket(account, **LOCKED), ObjectLockMode=mode, ObjectLockRetainUntilDate=until)
        return lambda: account.admin("s3").delete_object(**version, **options)

    return prepare


def _held(account: Account) -> Attempt:
    version = put(account, bucket(account, **LOCKED), ObjectLockLegalHoldStatus="ON")
    return lambda: account.admin("s3").delete_object(**version)


def _by_default(account: Account) -> Attempt:
    s3, name = account.admin("s3"), bucket(account, **LOCKED)
    rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 3}}
    s3.put_object_lock_configuration(
        Bucket=name, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
    )
    version = put(account, name)
    return lambda: s3.delete_object(**version)


def _session(seconds: int) -> Prepare:
    def prepare(account: Account) -> Attempt:
        keys = account.session(EVERYTHING, DurationSeconds=seconds)
        return lambda: account.client("sts", keys).get_caller_identity()

    return prepare


def _session_to_s3(account: Account) -> Attempt:
    keys = account.session(EVERYTHING, DurationSeconds=900)
    return lambda: account.client("s3", keys).list_buckets()


def _session_to_kms(account: Account) -> Attempt:
    keys = account.session(EVERYTHING, DurationSeconds=900)
    return lambda: account.client("kms", keys).list_keys()


def _link(seconds: int) -> Prepare:
    def prepare(account: Account) -> Attempt:
        where = put(account, bucket(account))
        link = account.admin("s3").generate_presigned_url("get_object", Params=where, ExpiresIn=seconds)
        return lambda: requests.get(link, timeout=20)

    return prepare


def _link_of_a_session(account: Account) -> Attempt:
    where = put(account, bucket(account))
    keys = account.session(EVERYTHING, DurationSeconds=900)
    link = account.client("s3", keys).generate_presigned_url("get_object", Params=where, ExpiresIn=7200)
    return lambda: requests.get(link, timeout=20)


def _link_made_now(account: Account) -> Attempt:
    where = put(account, bucket(account))
    account.aws.move_clock("+30d")
    link = account.admin("s3").generate_presigned_url("get_object", Params=where, ExpiresIn=60)
    return lambda: requests.get(link, timeout=20)


def _form(seconds: int, first: str = "") -> Prepare:
    def prepare(account: Account) -> Attempt:
        name = bucket(account)
        if first:
            account.aws.move_clock(first)
        form = account.admin("s3").generate_presigned_post(name, "a", ExpiresIn=seconds)
        return lambda: requests.post(form["url"], data=form["fields"], files={"file": b"1"}, timeout=20)

    return prepare


def _secret(verb: str, **options: Any) -> Prepare:
    def prepare(account: Account) -> Attempt:
        vault, name = account.admin("secretsmanager"), account.name("secret")
        vault.create_secret(Name=name, SecretString="1")
        vault.delete_secret(SecretId=name, RecoveryWindowInDays=7)
        named = {"Name": name} if verb == "create_secret" else {"SecretId": name}
        return lambda: getattr(vault, verb)(**named, **options)

    return prepare


def _key(verb: str) -> Prepare:
    def prepare(account: Account) -> Attempt:
        kms = account.admin("kms")
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
        return lambda: getattr(kms, verb)(KeyId=key)

    return prepare


def _ciphertext(account: Account) -> Attempt:
    kms = account.admin("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    secret = kms.encrypt(KeyId=key, Plaintext=b"1")["CiphertextBlob"]
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    return lambda: kms.decrypt(CiphertextBlob=secret)


def _registry_password(account: Account) -> Attempt:
    [data] = account.admin("ecr").get_authorization_token()["authorizationData"]
    headers = {"Authorization": f"Basic {data['authorizationToken']}"}
    return lambda: requests.get(f"{account.aws.registry}/v2/", headers=headers, timeout=20)


def _by_the_time(condition: dict[str, Any]) -> Prepare:
    def prepare(account: Account) -> Attempt:
        operator, days = next(iter(condition.items()))
        moment = (_cloud_now(account) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
        when = {operator: {"aws:CurrentTime": moment}}
        keys = account.user(allow("s3:ListAllMyBuckets", Condition=when))
        return lambda: account.client("s3", keys).list_buckets()

    return prepare


def _subscription(account: Account) -> Attempt:
    sns = account.admin("sns")
    topic = sns.create_topic(Name=account.name("topic"))["TopicArn"]
    endpoint = f"{account.name('who')}@example.com"
    answer = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=endpoint, ReturnSubscriptionArn=True)
    return lambda: sns.get_subscription_attributes(SubscriptionArn=answer["SubscriptionArn"])


CASES = [
    _after("+1d", "deleting what COMPLIANCE keeps for three days", _deleted("COMPLIANCE", 3), "AccessDenied"),
    _after("+4d", "deleting what COMPLIANCE kept for three days", _deleted("COMPLIANCE", 3)),
    _after("+1d", "deleting what GOVERNANCE keeps for three days", _deleted("GOVERNANCE", 3), "AccessDenied"),
    _after("+4d", "deleting what GOVERNANCE kept for three days", _deleted("GOVERNANCE", 3)),
    _after(
        "+1d",
        "deleting with a bypass what COMPLIANCE keeps for three days",
        _deleted("COMPLIANCE", 3, BypassGovernanceRetention=True),
        "AccessDenied",
    ),
    _after("+400d", "deleting what a legal hold keeps", _held, "AccessDenied"),
    _after("+2d", "deleting what a bucket keeps for three days", _by_default, "AccessDenied"),
    _after("+4d", "deleting what a bucket kept for three days", _by_default),
    _after("+14m", "a session of a quarter of an hour", _session(900)),
    _after("+16m", "a session of a quarter of an hour", _session(900), "ExpiredToken"),
    _after("+59m", "a session of an hour", _session(3600)),
    _after("+61m", "a session of an hour", _session(3600), "ExpiredToken"),
    _after("+16m", "a session of a quarter of an hour, to S3", _session_to_s3, "ExpiredToken"),
    _after("+16m", "a session of a quarter of an hour, to KMS", _session_to_kms, "ExpiredTokenException"),
    _after("+50m", "a link of an hour", _link(3600)),
    _after("+61m", "a link of an hour", _link(3600), "AccessDenied"),
    _after("+6d", "a link of a week", _link(604800)),
    _after("+8d", "a link of a week", _link(604800), "AccessDenied"),
    _after("+16m", "a link of two hours made by a session of a quarter of one", _link_of_a_session, "ExpiredToken"),
    Case("a link that is made after the clock was moved", _link_made_now, moves_clock=True),
    _after("+50m", "a form of an hour", _form(3600)),
    _after("+61m", "a form of an hour", _form(3600), "AccessDenied"),
    Case("a form that is made after the clock was moved", _form(60, "+30d"), moves_clock=True),
    _after("+1d", "reading a secret on its way out", _secret("get_secret_value"), "InvalidRequestException"),
    _after("+6d", "restoring a secret within its window", _secret("restore_secret")),
    _after("+8d", "restoring a secret after its window", _secret("restore_secret"), "ResourceNotFoundException"),
    _after("+8d", "reading a secret after its window", _secret("get_secret_value"), "ResourceNotFoundException"),
    _after(
        "+6d",
        "making a secret of a name on its way out",
        _secret("create_secret", SecretString="2"),
        "InvalidRequestException",
    ),
    _after("+8d", "making a secret of a name that is gone", _secret("create_secret", SecretString="2")),
    _after("+1d", "enabling a key on its way out", _key("enable_key"), "KMSInvalidStateException"),
    *(
        _after("+1d", f"{verb.replace('_', ' ')} of a key on its way out", _key(verb), "KMSInvalidStateException")
        for verb in ("disable_key", "enable_key_rotation", "schedule_key_deletion")
    ),
    _after("+6d", "keeping a key within its waiting period", _key("cancel_key_deletion")),
    _after("+8d", "keeping a key after its waiting period", _key("cancel_key_deletion"), "NotFoundException"),
    _after("+8d", "describing a key after its waiting period", _key("describe_key"), "NotFoundException"),
    _after("+1d", "decrypting with a key on its way out", _ciphertext, "KMSInvalidStateException"),
    _after("+8d", "decrypting with a key that is gone", _ciphertext, "AccessDeniedException"),
    _after("+11h", "the registry's password of twelve hours", _registry_password),
    _after("+13h", "the registry's password of twelve hours", _registry_password, "DENIED"),
    _after("+1d", "what a policy allows until in two days", _by_the_time({"DateLessThan": 2})),
    _after("+3d", "what a policy allows until in two days", _by_the_time({"DateLessThan": 2}), "AccessDenied"),
    _after("+1d", "what a policy allows from in two days", _by_the_time({"DateGreaterThan": 2}), "AccessDenied"),
    _after("+3d", "what a policy allows from in two days", _by_the_time({"DateGreaterThan": 2})),
    _after("+47h", "a subscription that nobody has confirmed", _subscription),
    _after("+49h", "a subscription that nobody has confirmed", _subscription, "NotFound"),
]
