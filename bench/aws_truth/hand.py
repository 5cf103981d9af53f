"""The stage of the cases on signatures: a bucket with an object, and a hand that signs rightly or wrongly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import requests

from bench.aws_truth.account import Account
from bench.aws_truth.case import Attempt, Case
from tests.support.signer import SIGNED_CHUNKS, Signer

BODY = b"x" * 10_000
JSON = {"content-type": "application/x-amz-json-1.1", "x-amz-target": "TrentService.ListKeys"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
LIST_USERS = b"Action=ListUsers&Version=2010-05-08"
WHO = b"Action=GetCallerIdentity&Version=2011-06-15"
FORGER = {"SecretAccessKey": "f" * 40}
Edit = Callable[[dict[str, str]], dict[str, str]]


@dataclass(frozen=True)
class Scene:
    """A bucket with one object, and the administrator's hand to sign with."""

    account: Account
    bucket: str
    admin: Signer

    @property
    def object(self) -> str:
        """Where the object is."""
        return f"{self.account.url}/{self.bucket}/a"

    def session(self) -> dict[str, Any]:
        """Temporary keys of the administrator's."""
        keys: dict[str, Any] = self.account.admin("sts").get_session_token()["Credentials"]
        return keys

    def send(self, method: str = "GET", body: bytes = b"", edit: Edit = dict, **options: Any) -> requests.Response:
        """A call to the object, its headers edited after they were signed."""
        signer = options.pop("signer", self.admin)
        headers = edit(signer.headers(method, options.pop("url", self.object), body, **options))
        return requests.request(method, self.object, data=body, headers=headers, timeout=20)

    def kms(self, edit: Edit = dict, body: bytes = b"{}", headers: dict[str, str] = JSON, **wrong: Any) -> Any:
        """A call of KMS: ListKeys."""
        signer = replace(self.admin, service=wrong.pop("service", "kms"), **_of_signer(wrong))
        said = edit(signer.headers("POST", f"{self.account.url}/", b"{}", headers, **wrong))
        return requests.post(f"{self.account.url}/", data=body, headers=said, timeout=20)

    def query(
        self, service: str = "iam", body: bytes = LIST_USERS, edit: Edit = dict, sent: bytes = b"", **wrong: Any
    ) -> Any:
        """A call of IAM or STS."""
        signer = replace(self.admin, service=service, **_of_signer(wrong))
        headers = edit(signer.headers("POST", f"{self.account.url}/", body, FORM, **wrong))
        return requests.post(f"{self.account.url}/", data=sent or body, headers=headers, timeout=20)

    def chunked(
        self, parts: list[bytes], edit: Callable[[bytes], bytes] = bytes, length: int | None = None
    ) -> requests.Response:
        """A PutObject in signed chunks, edited after they were signed."""
        size = sum(map(len, parts)) if length is None else length
        said = {"x-amz-decoded-content-length": str(size), "content-encoding": "aws-chunked"}
        headers = self.admin.headers("PUT", self.object, headers=said, payload=SIGNED_CHUNKS)
        seed = headers["Authorization"].rpartition("=")[2]
        body = edit(self.admin.chunks(seed, parts))
        return requests.put(self.object, data=body, headers=headers, timeout=20)

    def trailed(self, trailer: bytes, **said: str) -> requests.Response:
        """A PutObject in one chunk that is not signed, with that trailer."""
        headers = {"x-amz-decoded-content-length": "4", "content-encoding": "aws-chunked", **said}
        body = b"4\r\nbody\r\n0\r\n" + trailer + b"\r\n"
        signed = self.admin.headers("PUT", self.object, headers=headers, payload="STREAMING-UNSIGNED-PAYLOAD-TRAILER")
        return requests.put(self.object, data=body, headers=signed, timeout=20)

    def link(self, method: str = "GET", *, called: str = "", signer: Signer | None = None, **options: Any) -> Any:
        """A call by a presigned URL, which was signed for a GET unless the options say otherwise."""
        url = (signer or self.admin).link(options.pop("signed_for", "GET"), self.object, **options)
        return requests.request(method, (called and url.replace("/a?", called, 1)) or url, timeout=20)


def _of_signer(options: dict[str, Any]) -> dict[str, Any]:
    return {name: options.pop(name) for name in ("keys", "region", "moment", "day", "terminator") if name in options}


def put(**headers: str) -> Edit:
    """An edit that puts these headers in; `_` stands for `-`."""
    return lambda said: said | {name.replace("_", "-"): value for name, value in headers.items()}


def without(name: str) -> Edit:
    """An edit that takes this header out."""
    return lambda said: {key: value for key, value in said.items() if key != name}


def authorization(old: str, new: str) -> Edit:
    """An edit of the authorization."""
    return lambda said: said | {"Authorization": said["Authorization"].replace(old, new)}


def by(scene: Scene, **wrong: Any) -> Signer:
    """The administrator's hand, but for these."""
    return replace(scene.admin, **wrong)


def later(scene: Scene, **by: float) -> Signer:
    """The administrator's hand at another moment."""
    return replace(scene.admin, moment=scene.admin.moment + timedelta(**by))


def case(says: str, attempt: Callable[[Scene], Any], code: str | None = None) -> Case:
    """A case with a bucket and an object of its own."""

    def prepare(account: Account) -> Attempt:
        bucket = account.bucket()
        account.admin("s3").put_object(Bucket=bucket, Key="a", Body=b"here")
        account.admin("s3").put_object(Bucket=bucket, Key="b", Body=b"another")
        scene = Scene(account, bucket, Signer(account.keys))
        return lambda: attempt(scene)

    return Case(says, prepare, code)
