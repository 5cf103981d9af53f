"""How the table's cases ask S3: by boto3, or by a request as no SDK would send it."""

from __future__ import annotations

from typing import Any

import requests
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from bench.aws_truth.account import REGION, Account
from bench.aws_truth.case import Attempt, Case


def call_on_empty(says: str, call: str, code: str | None, **arguments: Any) -> Case:
    """A call on a new bucket."""

    def prepare(account: Account) -> Attempt:
        bucket = account.bucket()
        return lambda: getattr(account.admin("s3"), call)(Bucket=bucket, **arguments)

    return Case(says, prepare, code)


def call_on_bucket(says: str, call: str, code: str | None, **arguments: Any) -> Case:
    """A call on a new bucket that holds the object `a`."""

    def prepare(account: Account) -> Attempt:
        s3, bucket = account.admin("s3"), account.bucket()
        s3.put_object(Bucket=bucket, Key="a", Body=b"0123456789")
        return lambda: getattr(s3, call)(Bucket=bucket, **arguments)

    return Case(says, prepare, code)


def signed(
    account: Account, method: str, path: str, body: bytes = b"", region: str = REGION, **headers: str
) -> requests.Response:
    """A request as no SDK would send it, signed by the administrator."""
    request = AWSRequest(method, account.url + path, data=body, headers=headers)
    keys = account.keys
    S3SigV4Auth(Credentials(keys["AccessKeyId"], keys["SecretAccessKey"]), "s3", region).add_auth(request)
    made = request.prepare()
    return requests.request(
        method, made.url, data=body, headers=dict(made.headers), timeout=20, allow_redirects=False
    )


def sent(says: str, code: str | None, method: str, path: str, body: bytes = b"", **headers: str) -> Case:
    """A request to a new bucket that holds the object `a`, as it stands."""

    def prepare(account: Account) -> Attempt:
        bucket = account.bucket()
        account.admin("s3").put_object(Bucket=bucket, Key="a", Body=b"0123456789")
        return lambda: signed(account, method, f"/{bucket}{path}", body, **headers)

    return Case(says, prepare, code)
