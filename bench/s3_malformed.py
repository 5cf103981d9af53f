"""Requests to S3 with something wrong in them: `python -m bench.s3_malformed [COUNT [FIRST]]`.

Each is made from its number alone, so that one that S3 answers wrongly can be sent again.
"""

from __future__ import annotations

import random
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape

import botocore.session

from bench.aws_truth.account import Account
from bench.aws_truth.case import refusal
from bench.aws_truth.s3 import signed
from tests.support.aws_daemon import running
from tests.support.s3_errors import CODES

MODEL = botocore.session.get_session().get_service_model("s3")
KEYS = ("there", "there", "there", "missing", "a/b", "é ü", "k" * 1025, "a//b", "?", "%")
VALUES = (
    "", " ", "0", "-1", "1", "1001", "2147483648", "9" * 30, "true", "TRUE", "blah", "null", "é", "a b",
    "\U0001f600", "x" * 300, "2026-01-01", "Thu, 01 Jan 2026 00:00:00 GMT", "2026-13-45T99:99:99Z", "Enabled",
    "enabled", "AES256", "aws:kms", "arn:aws:kms:eu-central-1:1:key/x", "bytes=0-", "bytes=9-1", "bytes=-0",
    "=", "&", "a=b&a=c", "/", "//", "there", "bucket/there", "/bucket/there?versionId=x", "id=", 'id="x"',
    "STANDARD", "GLACIER", "CRC32", "SHA256", "ON", "GOVERNANCE", "QUFBQQ==", "*", '"x"', "url", "public-read",
    "bucket-owner-full-control",
)  # fmt: skip
GARBAGE = (
    b"", b" ", b"<", b"<a/>", b"{}", b"\x00\xff", b"<a>&b;</a>", b"<?xml version='1.0' encoding='utf-7'?><a/>",
    b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "<é/>".encode("utf-16"), b"<a>" * 500,
)  # fmt: skip
A_BUCKET = 50  # requests
_NOT_SENT = {"content-length", "expect"}  # an HTTP client's own


@dataclass(frozen=True)
class Request:
    """One request, and what it is a kind of."""

    operation: str
    method: str
    path: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def request(number: int, bucket: str) -> Request:
    """The request of that number, to a bucket that is there or to none."""
    dice = random.Random(number)  # noqa: S311 # to be the same again
    operation = MODEL.operation_model(dice.choice(MODEL.operation_names))
    path, _, fixed = operation.http["requestUri"].partition("?")
    path = path.replace("{Bucket}", dice.choice((*[bucket] * 8, "missing-bucket", "A_b"))).replace(
        "{Key+}", quote(dice.choice(KEYS))
    )
    query, headers = [tuple(each.partition("=")[::2]) for each in fixed.split("&") if each], {}
    share = dice.choice((0.0, 0.05, 0.15, 0.4))  # few enough wrong ones to come far, or many
    members = operation.input_shape.members if operation.input_shape else {}
    for member in members.values():
        place, name = member.serialization.get("location"), member.serialization.get("name")
        if dice.random() < share and name and name.lower() not in _NOT_SENT:
            value = _value(dice, member)
            if place == "querystring":
                query.append((name, value))
            elif place == "header":
                headers[name] = value.encode("ascii", "ignore").decode().strip()
            elif place == "headers":
                headers[f"{name}{dice.choice(('a', 'a_b', 'x' * 200))}"] = (
                    value.encode("ascii", "ignore").decode().strip()
                )
    encoded = urlencode(query, errors="replace")
    return Request(operation.name, operation.http["method"], f"{path}?{encoded}", _body(dice, operation), headers)


def _value(dice: random.Random, shape: Any) -> str:
    if getattr(shape, "enum", None) and dice.random() < 0.5:
        return str(dice.choice(shape.enum))
    return dice.choice(VALUES)


def _body(dice: random.Random, operation: Any) -> bytes:
    shape = operation.input_shape
    payload = shape.serialization.get("payload") if shape else None
    if payload is None or dice.random() < 0.2:
        return dice.choice(GARBAGE)
    member = shape.members[payload]
    if member.type_name != "structure":
        return dice.choice((b"", b"0123456789"))
    name = member.serialization.get("name", payload)
    return _element(dice, name, member, 0).encode("utf-8", "replace")


def _element(dice: random.Random, name: str, shape: Any, depth: int) -> str:
    if dice.random() < 0.03:
        return dice.choice(("", f"<{name}/>", "<Wheel/>", "text"))
    if shape.type_name == "structure" and depth < 6:
        inner = "".join(
            _members(dice, member, shape.members[member], depth)
            for member in shape.members
            if member in shape.required_members or dice.random() < 0.4
        )
    elif shape.type_name == "list" and depth < 6:
        item = shape.member.serialization.get("name", "member")
        inner = "".join(_element(dice, item, shape.member, depth + 1) for _ in range(dice.choice((0, 1, 2))))
    else:
        inner = escape(_value(dice, shape))
    return f"<{name}>{inner}</{name}>"


def _members(dice: random.Random, member: str, shape: Any, depth: int) -> str:
    name = shape.serialization.get("name", member)
    if shape.serialization.get("flattened"):
        return "".join(_element(dice, name, shape.member, depth + 1) for _ in range(dice.choice((0, 1, 2))))
    return _element(dice, name, shape, depth + 1)


def tried(account: Account, first: int, count: int) -> list[str]:
    """Send so many; gives those that were answered wrongly."""
    wrong = []
    bucket = ""
    for number in range(first, first + count):
        if (number - first) % A_BUCKET == 0:
            bucket = bucket_of(account)
        asked = request(number, bucket)
        said = problem(account, asked)
        if said:
            wrong.append(f"{number} {asked.operation}, {asked.method} {asked.path[:150]}: {said}")
    return wrong


def problem(account: Account, asked: Request) -> str | None:
    """What is wrong with the answer, if anything: a fault of the service, or a code that S3 does not have."""
    answer = signed(account, asked.method, asked.path, asked.body, **asked.headers)
    code = refusal(answer)
    if code is None or (answer.status_code, code) == (501, "NotImplemented"):
        return None
    if answer.status_code >= 500 or (asked.method != "HEAD" and code not in CODES):
        return f"{answer.status_code} {code}: {answer.text[:300]}"
    return None


def bucket_of(account: Account) -> str:
    """A bucket that holds an object, with versions."""
    bucket = account.bucket()
    s3 = account.admin("s3")
    s3.put_object(Bucket=bucket, Key="there", Body=b"0123456789")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    return bucket


def main() -> int:
    """Send them, and print those that were answered wrongly."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    with tempfile.TemporaryDirectory(prefix="slipway-malformed-") as folder, running(Path(folder)) as aws:
        wrong = tried(Account(aws), first, count)
    print("\n".join(wrong))
    print(f"{count} requests, {len(wrong)} answered wrongly")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
