"""One repository in a registry, by the OCI distribution API.

https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from console.errors import REFUSED, ExplainedError
from registry_api.connection import ATTEMPTS, Body, Connection, ConnectionLostError, UnclearError
from registry_api.manifests import (
    DOCKER_INDEX,
    DOCKER_MANIFEST,
    INDEX,
    LARGEST,
    MANIFEST,
    Manifest,
    digest_of,
    fallback_tag,
)

if TYPE_CHECKING:
    import requests

ACCEPT = {"Accept": f"{INDEX}, {MANIFEST}, {DOCKER_INDEX}, {DOCKER_MANIFEST}"}
BYTES = {"Content-Type": "application/octet-stream"}
MOST = 1000  # artifacts on one image; a registry that goes on listing is given up


class Images:
    """One repository, and who speaks to it. What has a digest is checked against it, whoever sent it."""

    def __init__(self, url: str, login: str) -> None:
        self.url = url
        host, _, self.name = url.partition("/")
        self._registry = Connection(host, login)

    def manifest(self, reference: str) -> Manifest | None:
        """What is there under a tag or a digest; None when nothing is."""
        answer = self._call("GET", f"manifests/{reference}", accepted=(200, 404), headers=ACCEPT, stream=True)
        content = self._registry.read(answer, LARGEST, f"{self.url}:{reference}")
        if answer.status_code == 404:
            return None
        named = reference if ":" in reference else answer.headers.get("Docker-Content-Digest", "")
        self._require(named, digest_of(content))
        return Manifest(content, answer.headers.get("Content-Type", "").partition(";")[0])

    def put(self, manifest: Manifest, tag: str = "") -> None:
        """Keep a manifest, also under a tag. What it names must be there. Doing it again changes nothing."""
        headers = {"Content-Type": manifest.media_type}
        answer = self._call("PUT", f"manifests/{tag or manifest.digest}", data=manifest.content, headers=headers)
        if manifest.subject and "OCI-Subject" not in answer.headers:
            self._list_by_tag(manifest)

    def referrers(self, digest: str, artifact_type: str = "") -> list[dict[str, Any]]:
        """The descriptors of what hangs on a manifest, oldest first where the registry keeps that."""
        found: list[dict[str, Any]] = []
        where = f"referrers/{digest}" + (f"?{urlencode({'artifactType': artifact_type})}" if artifact_type else "")
        while where:
            answer = self._call("GET", where, accepted=(200, 404), headers={"Accept": INDEX}, stream=True)
            content = self._registry.read(answer, LARGEST, f"the list of what hangs on {self.url}@{digest}")
            if answer.status_code == 404:  # it has no such API
                listed = self.manifest(fallback_tag(digest))
                found = self._listed(listed.said) if listed else []
                break
            found += self._listed(content)
            if len(found) > MOST:
                what = f"refused: too much hangs on {self.url}@{digest}"
                raise ExplainedError(what, f"more than {MOST} artifacts", code=REFUSED)
            where = answer.links.get("next", {}).get("url", "") if found else ""
        return [each for each in found if not artifact_type or each.get("artifactType") == artifact_type]

    def labels(self, digest: str) -> dict[str, str]:
        """Those that an image has; none where it is an index of several images."""
        manifest = self.manifest(digest)
        config = manifest.said.get("config") if manifest else None
        if not isinstance(config, dict) or "digest" not in config:
            return {}
        content = self.blob(str(config["digest"]), limit=LARGEST)
        try:
            return dict((json.loads(content).get("config") or {}).get("Labels") or {})
        except (ValueError, AttributeError, TypeError, RecursionError):
            return {}

    def _listed(self, index: bytes | dict[str, Any]) -> list[dict[str, Any]]:
        """The descriptors in an index."""
        try:
            said = index if isinstance(index, dict) else json.loads(index)
            return [dict(each) for each in said.get("manifests") or ()]
        except (ValueError, AttributeError, TypeError, RecursionError) as error:
            raise UnclearError(self._registry.host, f"it lists no artifacts: {error}") from error

    def has_blob(self, digest: str) -> bool:
        return self._call("HEAD", f"blobs/{digest}", accepted=(200, 404)).status_code == 200

    def blob(self, digest: str, *, limit: int) -> bytes:
        """A small one's bytes; of one with more than `limit` nothing is kept."""
        answer = self._call("GET", f"blobs/{digest}", stream=True)
        content = self._registry.read(answer, limit, f"{self.url}@{digest}")
        self._require(digest, digest_of(content))
        return content

    def put_blob(self, content: bytes) -> str:
        """Keep bytes; gives their digest. Those that are there are not sent again."""
        digest = digest_of(content)
        if not self.has_blob(digest):
            self._finish(self._begin(), digest, content)
        return digest

    def copy_blob(self, source: Images, digest: str) -> None:
        """Have a blob of another repository, streamed; within a registry it is only borrowed."""
        if self.has_blob(digest):
            return
        same = source._registry.host == self._registry.host
        started = self._begin({"mount": digest, "from": source.name} if same else None)
        if started.status_code == 201:
            return
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer = source._call("GET", f"blobs/{digest}", stream=True)
                content = Body(source._registry, answer, digest)
                where = self._registry.header(started, "Location")
                sent = self._registry.call("PATCH", where, data=content, headers=BYTES)
                self._finish(sent, digest, b"")
            except ConnectionLostError:
                if attempt == ATTEMPTS:
                    raise
                started = self._begin()
            else:
                return

    def _begin(self, mount: dict[str, str] | None = None) -> requests.Response:
        return self._call("POST", "blobs/uploads/", params=mount)

    def _finish(self, started: requests.Response, digest: str, content: bytes) -> None:
        where = self._registry.header(started, "Location")
        named = f"{where}{'&' if '?' in where else '?'}digest={digest}"
        self._registry.call("PUT", named, data=content, headers=BYTES)

    def _list_by_tag(self, manifest: Manifest) -> None:
        """Where the registry does not list what hangs on a manifest, a tag does, and whoever attaches keeps it."""
        others = [each for each in self.referrers(manifest.subject) if each.get("digest") != manifest.digest]
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [*others, manifest.descriptor]}
        self.put(Manifest.of(index), fallback_tag(manifest.subject))

    def _require(self, named: str, actual: str) -> None:
        if actual != named:
            raise ExplainedError(
                f"refused: {self.url} gives other bytes than were asked for",
                f"what came as {named or 'an image'} has the digest {actual}",
                hint=f"look who may write there: aws ecr get-repository-policy --repository-name {self.name}",
                code=REFUSED,
            )

    def _call(self, method: str, where: str, **options: Any) -> requests.Response:
        address = where if "/v2/" in where else f"/v2/{self.name}/{where}"
        return self._registry.call(method, address, **options)
