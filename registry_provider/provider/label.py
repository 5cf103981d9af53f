"""Which content an image says that it was built of: a label in its configuration, read from the registry itself."""

from __future__ import annotations

import base64
import re
from typing import Any

from registry_provider.provider.errors import RegistryError

CONTENT = "dev.slipway.content"
"""The label's name; its value is the tag that the content has. It is part of what the image's digest is made of."""

_LOOPBACK = re.compile(r"(127\.0\.0\.1|\[::1\]|localhost)(:\d+)?")
_OCI, _DOCKER = "application/vnd.oci.image", "application/vnd.docker.distribution"
_MANIFESTS = (
    f"{_OCI}.manifest.v1+json, {_DOCKER}.manifest.v2+json, {_OCI}.index.v1+json, {_DOCKER}.manifest.list.v2+json"
)
_SECONDS = (5, 60)


def content_of(repository: str, digest: str, login: str) -> str:
    """The label of the image with that digest; empty where it has none, as what is an index of several images.

    `repository` is `HOST/NAME`, `login` as `docker` keeps it.
    https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pull
    """
    import requests  # not before there is something to ask

    host, _, name = repository.partition("/")
    local = _LOOPBACK.fullmatch(host) is not None
    address = f"{'http' if local else 'https'}://{host}/v2/{name}"
    user, _, password = base64.b64decode(login).decode().partition(":")

    def get(session: requests.Session, path: str) -> dict[str, Any]:
        answer = session.get(f"{address}/{path}", headers={"Accept": _MANIFESTS}, timeout=_SECONDS)
        answer.raise_for_status()
        said = answer.json()
        return said if isinstance(said, dict) else {}

    try:
        with requests.Session() as session:
            session.trust_env = not local  # a proxy, but for this machine
            session.auth = (user, password)
            config = get(session, f"manifests/{digest}").get("config") or {}
            told = get(session, f"blobs/{config['digest']}") if "digest" in config else {}
    except (requests.RequestException, ValueError) as error:
        raise RegistryError(f"cannot look into the image {repository}@{digest}", str(error)) from error
    return str(((told.get("config") or {}).get("Labels") or {}).get(CONTENT, ""))
