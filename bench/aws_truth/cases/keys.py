"""Which access keys are known: nobody else's, none that is switched off, none that was deleted."""

from __future__ import annotations

from bench.aws_truth.account import Account
from bench.aws_truth.case import Attempt, Case

STRANGER = {"AccessKeyId": "AKIA" + "Q" * 16, "SecretAccessKey": "q" * 40}


def _stranger(service: str) -> Case:
    code = {"s3": "InvalidAccessKeyId", "sts": "InvalidClientTokenId"}.get(service, "UnrecognizedClientException")
    call = {"s3": "list_buckets", "sts": "get_caller_identity", "kms": "list_keys"}[service]

    def prepare(account: Account) -> Attempt:
        attempt: Attempt = getattr(account.client(service, STRANGER), call)
        return attempt

    return Case(f"a key that nobody has, to {service}", prepare, code)


def _administrator(account: Account) -> Attempt:
    return lambda: account.admin("sts").get_caller_identity()


def _switched_off(account: Account) -> Attempt:
    keys = account.user()
    account.admin("iam").update_access_key(
        UserName=keys["UserName"], AccessKeyId=keys["AccessKeyId"], Status="Inactive"
    )
    return lambda: account.client("sts", keys).get_caller_identity()


def _deleted(account: Account) -> Attempt:
    keys = account.user()
    account.admin("iam").delete_access_key(UserName=keys["UserName"], AccessKeyId=keys["AccessKeyId"])
    return lambda: account.client("sts", keys).get_caller_identity()


CASES = [
    Case("the administrator's key", _administrator),
    _stranger("s3"),
    _stranger("sts"),
    _stranger("kms"),
    Case("a key that is switched off", _switched_off, "InvalidClientTokenId"),
    Case("a key that was deleted", _deleted, "InvalidClientTokenId"),
]
