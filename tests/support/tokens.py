"""Stands at the addresses where the local AWS looks for issuers' keys, and signs whatever a test wants signed."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest import mock

from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey

from localcloud.github.job import Job
from localcloud.machine import ports
from localcloud.machine.issuers import GITHUB, RENDER

AUDIENCE = "sts.amazonaws.com"
WORKSPACE = "tea-workspaceofthetests0"
ENVIRONMENT, SERVICE = "evm-environmentoftests00", "srv-serviceofthetests000"
JOB = Job(
    owner="example",
    owner_id=6154722,
    repository="cams",
    repository_id=1029384756,
    ref="refs/heads/staging",
    environment="staging",
)


def rsa(kid: str) -> RSAKey:
    """A new key for RS256."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


class Issuer:
    """One that answers over HTTP: its documents are what a test makes of them."""

    def __init__(self, url: str, port: int, key: Key | None = None) -> None:
        self.url = url
        self.key: Key = key or rsa("first")
        self.keys: list[Key] = [self.key]
        self.asked: list[str] = []
        self.answer: Callable[[str], bytes | None] = self.documents
        issuer = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.asked.append(self.path)
                body = issuer.answer(self.path)
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, format: str, *arguments: Any) -> None:
                """Nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Answers)
        if not url:
            self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def documents(self, path: str) -> bytes | None:
        """The discovery and the keys, of an issuer that does as it should."""
        if path.endswith("/.well-known/openid-configuration"):
            return json.dumps({"issuer": self.url, "jwks_uri": f"{self.url}/.well-known/jwks"}).encode()
        if path.endswith("/.well-known/jwks"):
            return json.dumps({"keys": [key.as_dict(private=False) for key in self.keys]}).encode()
        return None

    def sign(self, claims: dict[str, Any], *, key: Key | None = None, **header: Any) -> str:
        """A token with these claims."""
        signer = key or self.key
        shown = {"alg": "ES256" if isinstance(signer, ECKey) else "RS256", "kid": signer.kid, "typ": "JWT", **header}
        return jwt.encode(shown, {"iss": self.url, **claims}, signer, algorithms=["RS256", "ES256", "HS256"])

    def close(self) -> None:
        """Answer no more."""
        self.server.shutdown()
        self.server.server_close()


def kept_port(root: Path, name: str) -> int:
    """The port kept under that name for the local cloud in that folder."""
    with mock.patch.dict("os.environ", {"SLIPWAY_ROOT": str(root)}):
        return ports.port(name)


def github(root: Path) -> Issuer:
    """At the place of GitHub's issuer."""
    return Issuer(GITHUB, kept_port(root, "github"))


def render(root: Path, workspace: str = WORKSPACE) -> Issuer:
    """At the place of Render's issuer of that workspace."""
    return Issuer(f"{RENDER}/{workspace}", kept_port(root, "render"))


@dataclass(frozen=True)
class FromNow:
    """A moment, in seconds from when the token is made: a table of cases may be much older than the call."""

    seconds: int


def times(seconds: int = 300) -> dict[str, FromNow]:
    """When a token begins and ends."""
    return {"iat": FromNow(0), "nbf": FromNow(-600), "exp": FromNow(seconds)}


def of_job(job: Job = JOB, **changes: Any) -> dict[str, Any]:
    """The claims of a workflow's token; a change to None takes the claim away."""
    return told({"aud": AUDIENCE, **times(), **job.claims()}, **changes)


def of_service(
    service: str = SERVICE, environment: str = ENVIRONMENT, workspace: str = WORKSPACE, **changes: Any
) -> dict[str, Any]:
    """The claims of a Render service's token."""
    subject = f"workspace:{workspace}:environment:{environment}:service:{service}"
    return told({"aud": AUDIENCE, **times(3600), "sub": subject}, **changes)


def told(claims: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The claims with the changes, their moments by the machine's clock; a change to None takes the claim away."""
    now = int(time.time())
    return {
        name: now + value.seconds if isinstance(value, FromNow) else value
        for name, value in {**claims, **changes}.items()
        if value is not None
    }
