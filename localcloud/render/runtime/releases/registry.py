"""Pulls manifests and blobs from a registry (the OCI distribution API), checking every digest."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import requests

from localcloud.images.reference import MANIFEST_TYPE, ImageReference, digest_of
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.releases import ecr
from localcloud.render.runtime.values import Credential

MANIFESTS = (
    MANIFEST_TYPE,
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
LARGEST_MANIFEST = 4 * 1024 * 1024
TIMEOUT = (5, 60)


class Registry:
    """One image in its registry, read with one credential."""

    def __init__(self, reference: ImageReference, credential: Credential | None) -> None:
        self._reference = reference
        self._credential = credential
        self._session = requests.Session()
        self._session.trust_env = not reference.on_this_machine
        host = "registry-1.docker.io" if reference.host == "docker.io" else reference.host
        scheme = "http" if reference.on_this_machine else "https"
        self._base = f"{scheme}://{host}/v2/{reference.repository}"

    def manifest(self, digest: str = "") -> tuple[str, dict[str, Any]]:
        """Digest and content of its manifest, or of one beside it; asked for by digest, it must have that digest."""
        wanted = digest or self._reference.digest
        with self._get(f"/manifests/{wanted or self._reference.tag}", accept=", ".join(MANIFESTS)) as response:
            content = response.raw.read(LARGEST_MANIFEST + 1, decode_content=True)
        digest = digest_of(content)
        if wanted and digest != wanted:
            raise RuntimeFailure(f"the registry's answer for {self._reference} is not that image: it has {digest}")
        try:
            parsed = json.loads(content)
        except ValueError as error:
            raise RuntimeFailure(f"the manifest of {self._reference} is not JSON: {error}") from error
        if not isinstance(parsed, dict):
            raise RuntimeFailure(f"the manifest of {self._reference} is not an object")
        return digest, parsed

    def blob(self, digest: str, path: Path) -> None:
        """Write a blob to `path`; one whose digest differs is refused."""
        seen = hashlib.sha256()
        with self._get(f"/blobs/{digest}") as response, path.open("wb") as file:
            for chunk in response.iter_content(1024 * 1024):
                seen.update(chunk)
                file.write(chunk)
        if f"sha256:{seen.hexdigest()}" != digest:
            raise RuntimeFailure(
                f"a part of {self._reference} is damaged: {digest} came as sha256:{seen.hexdigest()}"
            )

    def _get(self, path: str, accept: str = "*/*") -> requests.Response:
        headers = {"Accept": accept}
        try:
            response = self._session.get(self._base + path, headers=headers, stream=True, timeout=TIMEOUT)
            if response.status_code == requests.codes.unauthorized and not self._session.headers.get("Authorization"):
                response.close()
                self._session.headers["Authorization"] = self._authorise(response)
                response = self._session.get(self._base + path, headers=headers, stream=True, timeout=TIMEOUT)
        except requests.RequestException as error:
            raise RuntimeFailure(f"cannot pull {self._reference}: the registry does not answer: {error}") from error
        if response.ok:
            return response
        response.close()
        if response.status_code in (401, 403):
            raise RuntimeFailure(f"cannot pull {self._reference}: the registry refuses {self._who()}")
        if response.status_code == requests.codes.not_found:
            raise RuntimeFailure(f"cannot pull {self._reference}: there is no such image")
        raise RuntimeFailure(f"cannot pull {self._reference}: the registry answered HTTP {response.status_code}")

    def _who(self) -> str:
        if self._credential is None:
            return "a pull without a registry credential"
        return f"the {self._credential.registry} registry credential of {self._credential.username}"

    def login(self) -> tuple[str, str] | None:
        """User and password, where there is a credential."""
        if self._credential is None:
            return None
        if self._credential.registry == "AWS_ECR":
            return ecr.login(self._credential, self._reference.host)
        return self._credential.username, self._credential.token

    def _authorise(self, refused: requests.Response) -> str:
        """The Authorization header that the refusal asked for: basic, or a bearer token from the realm it names."""
        challenge = refused.headers.get("WWW-Authenticate", "")
        login = self.login()
        if not challenge.lower().startswith("bearer"):
            if login is None:
                raise RuntimeFailure(f"cannot pull {self._reference}: the registry refuses {self._who()}")
            return requests.Request(auth=login, url=self._base).prepare().headers["Authorization"]
        asked = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
        answer = self._session.get(
            asked.get("realm", ""),
            params={"service": asked.get("service", ""), "scope": f"repository:{self._reference.repository}:pull"},
            auth=login,
            timeout=TIMEOUT,
        )
        token = answer.json() if answer.ok else {}
        if not (token.get("token") or token.get("access_token")):
            raise RuntimeFailure(f"cannot pull {self._reference}: the registry refuses {self._who()}")
        return f"Bearer {token.get('token') or token['access_token']}"
