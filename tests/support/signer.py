"""Signs requests to AWS by hand, rightly or wrongly: what no SDK would send can be sent with it.

It is written from AWS's description, and shares nothing with the code that it tests.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import requests

UNSIGNED = "UNSIGNED-PAYLOAD"
SIGNED_CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
NOTHING = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True)
class Signer:
    """Somebody with keys, as STS and IAM answer them; every other field is what may be got wrong."""

    keys: Mapping[str, Any] = field(repr=False)
    service: str = "s3"
    region: str = "eu-central-1"
    moment: datetime = field(default_factory=lambda: datetime.now(UTC))
    day: str = ""  # of the scope, where it is not that of the moment
    terminator: str = "aws4_request"
    algorithm: str = "AWS4-HMAC-SHA256"

    @property
    def timestamp(self) -> str:
        """The moment as it is signed."""
        return self.moment.strftime("%Y%m%dT%H%M%SZ")

    @property
    def scope(self) -> str:
        """What the signature is good for."""
        return f"{self.day or self.timestamp[:8]}/{self.region}/{self.service}/{self.terminator}"

    def sign(self, text: str) -> str:
        """A signature over that text."""
        key = ("AWS4" + self.keys["SecretAccessKey"]).encode()
        for part in self.scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

    def headers(
        self,
        method: str,
        url: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        payload: str | None = None,
        unsigned: Sequence[str] = (),
    ) -> dict[str, str]:
        """The headers of a signed request; `payload` instead of the body's hash, without signing those `unsigned`."""
        hashed = payload or hashlib.sha256(body).hexdigest()
        said = {"x-amz-date": self.timestamp, **(headers or {})}
        if self.service == "s3":
            said["x-amz-content-sha256"] = hashed
        if "SessionToken" in self.keys:
            said.setdefault("x-amz-security-token", self.keys["SessionToken"])
        names, value = self._signature(method, url, said, hashed, unsigned)
        credential = f"{self.keys['AccessKeyId']}/{self.scope}"
        said["Authorization"] = f"{self.algorithm} Credential={credential}, SignedHeaders={names}, Signature={value}"
        return said

    def link(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        expires: object = 60,
        unsigned: Sequence[str] = (),
        **query: str,
    ) -> str:
        """A presigned URL: whoever has it can make that call until then."""
        said = dict(headers or {})
        names = ";".join(sorted({"host", *(name.lower() for name in said)} - set(unsigned)))
        asked = {
            "X-Amz-Algorithm": self.algorithm,
            "X-Amz-Credential": f"{self.keys['AccessKeyId']}/{self.scope}",
            "X-Amz-Date": self.timestamp,
            "X-Amz-Expires": str(expires),
            "X-Amz-SignedHeaders": names,
        }
        if "SessionToken" in self.keys:
            asked["X-Amz-Security-Token"] = self.keys["SessionToken"]
        asked |= {name.replace("_", "-"): value for name, value in query.items()}
        url += ("&" if "?" in url else "?") + "&".join(
            f"{name}={quote(value, safe='')}" for name, value in asked.items()
        )
        _, value = self._signature(method, url, said, UNSIGNED if self.service == "s3" else NOTHING, unsigned)
        return f"{url}&X-Amz-Signature={value}"

    def chunks(self, seed: str, parts: Sequence[bytes], trailer: Mapping[str, str] | None = None) -> bytes:
        """A body in signed chunks. `seed` is the signature of the headers that go with it."""
        sent, before = b"", seed
        for part in (*parts, b""):
            text = [f"{self.algorithm}-PAYLOAD", self.timestamp, self.scope, before, NOTHING, _hash(part)]
            before = self.sign("\n".join(text))
            sent += f"{len(part):x};chunk-signature={before}\r\n".encode() + part + (b"\r\n" if part else b"")
        if trailer:
            lines = "".join(f"{name}:{value}\n" for name, value in trailer.items())
            text = [f"{self.algorithm}-TRAILER", self.timestamp, self.scope, before, _hash(lines.encode())]
            sent += lines.encode() + f"x-amz-trailer-signature:{self.sign(chr(10).join(text))}\r\n".encode()
        return sent + b"\r\n"

    def form(self, policy: Any, **fields: str) -> dict[str, str]:
        """The fields of a form that posts an object under that policy."""
        said = policy if isinstance(policy, str) else json.dumps(policy)
        encoded = base64.b64encode(said.encode()).decode()
        token = {"x-amz-security-token": self.keys["SessionToken"]} if "SessionToken" in self.keys else {}
        return {
            "x-amz-algorithm": self.algorithm,
            "x-amz-credential": f"{self.keys['AccessKeyId']}/{self.scope}",
            "x-amz-date": self.timestamp,
            "policy": encoded,
            "x-amz-signature": self.sign(encoded),
            **token,
            **fields,
        }

    def send(self, method: str, url: str, body: bytes = b"", **options: Any) -> requests.Response:
        """Sign a request and send it."""
        headers = self.headers(method, url, body, **options)
        return requests.request(method, url, data=body, headers=headers, timeout=20)

    def _signature(
        self, method: str, url: str, headers: Mapping[str, str], hashed: str, unsigned: Sequence[str]
    ) -> tuple[str, str]:
        parts = urlsplit(url)
        said = {"host": parts.netloc} | {name.lower(): " ".join(value.split()) for name, value in headers.items()}
        names = sorted(name for name in said if name not in unsigned)
        path = parts.path or "/"
        pairs = sorted(
            (quote(name, safe="-_.~"), quote(value, safe="-_.~"))
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
        )
        canonical = [
            method,
            path if self.service == "s3" else quote(path, safe="/-_.~"),
            "&".join(f"{name}={value}" for name, value in pairs),
            *(f"{name}:{said[name]}" for name in names),
            "",
            ";".join(names),
            hashed,
        ]
        text = [self.algorithm, self.timestamp, self.scope, _hash("\n".join(canonical).encode())]
        return ";".join(names), self.sign("\n".join(text))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
