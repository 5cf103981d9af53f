"""What a call costs the local AWS beside one where nothing is checked: `python -m bench.aws_calls [CALLS]`."""

from __future__ import annotations

import http.client
import statistics
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from bench.aws_truth.account import Account
from tests.support.aws_daemon import running
from tests.support.signer import Signer

ROUNDS = 5
FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Kind:
    """Calls that are alike; those of no service are not signed."""

    name: str
    service: str
    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] | None = None


def main() -> None:
    """All kinds in turn, several times over, so that the machine's moods fall on all."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as folder, running(Path(folder)) as aws:
        account = Account(aws)
        kinds = _kinds(account)
        _round(account, kinds, 1)  # reads what is kept from then on
        rounds = [_round(account, kinds, calls) for _ in range(ROUNDS)]
    spent = {kind.name: statistics.median(each[kind.name] for each in rounds) for kind in kinds}
    floor = spent[kinds[0].name]
    for name, typical in spent.items():
        print(f"{name:34} {typical:5.2f} ms of the processor, {typical / floor:4.1f} times the floor")


def _kinds(account: Account) -> list[Kind]:
    bucket = account.bucket()
    account.admin("s3").put_object(Bucket=bucket, Key="there", Body=b"x" * 1000)
    account.admin("ssm").put_parameter(Name="/bench", Value="x", Type="String")
    key = account.admin("kms").create_key()["KeyMetadata"]["KeyId"].encode()
    return [
        Kind("the floor: GET /_local/health", "", "GET", "/_local/health"),
        Kind("sts GetCallerIdentity", "sts", "POST", "/", b"Action=GetCallerIdentity&Version=2011-06-15", FORM),
        Kind("iam ListRoles", "iam", "POST", "/", b"Action=ListRoles&Version=2010-05-08", FORM),
        Kind("ssm GetParameter", "ssm", "POST", "/", b'{"Name": "/bench"}', _json("AmazonSSM.GetParameter")),
        Kind("kms DescribeKey", "kms", "POST", "/", b'{"KeyId": "%s"}' % key, _json("TrentService.DescribeKey")),
        Kind("s3 GetObject", "s3", "GET", f"/{bucket}/there"),
        Kind("s3 PutObject, 1,000 bytes", "s3", "PUT", f"/{bucket}/put", b"x" * 1000),
    ]


def _round(account: Account, kinds: list[Kind], calls: int) -> dict[str, float]:
    return {kind.name: _milliseconds(account, kind, calls) for kind in kinds}


def _json(target: str) -> dict[str, str]:
    return {"content-type": "application/x-amz-json-1.1", "x-amz-target": target}


def _milliseconds(account: Account, kind: Kind, calls: int) -> float:
    """The daemon's own time on the processor for one call."""
    [daemon] = psutil.Process().children()
    connection = http.client.HTTPConnection(str(urlsplit(account.url).netloc), timeout=20)
    began = _seconds(daemon)
    for _ in range(calls):
        headers = dict(kind.headers or {})
        if kind.service:
            signer = Signer(account.keys, service=kind.service)
            headers = signer.headers(kind.method, account.url + kind.path, kind.body, kind.headers)
        connection.request(kind.method, kind.path, kind.body or None, headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            sys.exit(f"{kind.name} failed: {said.decode()}")
    connection.close()
    return (_seconds(daemon) - began) / calls * 1000


def _seconds(process: psutil.Process) -> float:
    spent = process.cpu_times()
    return float(spent.user + spent.system)


if __name__ == "__main__":
    main()
