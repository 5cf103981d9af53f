"""The door to a registry: one repository in it, by the OCI distribution API.

https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from console.errors import REFUSED, ExplainedError
from ops.doors.manifests import (
    DOCKER_INDEX,
    DOCKER_MANIFEST,
    INDEX,
    LARGEST,
    MANIFEST,
    Manifest,
    digest_of,
    fallback_tag,
)
from ops.doors.registry_http import ATTEMPTS, Body, Connection, ConnectionLostError, limited
from registry_provider.provider.ecr import Ecr, Repository
from registry_provider.provider.errors import RegistryError

if TYPE_CHECKING:
    import requests

ACCEPT = {"Accept": f"{INDEX}, {MANIFEST}, {DOCKER_INDEX}, {DOCKER_MANIFEST}"}
BYTES = {"Content-Type": "application/octet-stream"}


class Images:
    """One repository, and who speaks to it. What has a digest is checked against it, whoever sent it."""

    def __init__(self, url: str, login: str) -> None:
        self.url = url
        host, _, self.name = url.partition("/")
        self._registry = Connection(host, login)

    def manifest(self, reference: str) -> Manifest | None:
        """What is there under a tag or a digest; None when nothing is."""
        answer = self._call("GET", f"manifests/{reference}", accepted=(200, 404), headers=ACCEPT, stream=True)
        content = limited(answer, LARGEST, f"{self.url}:{reference}")
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
            content = limited(answer, LARGEST, f"the list of what hangs on {self.url}@{digest}")
            if answer.status_code == 404:  # it has no such API
                listed = self.manifest(fallback_tag(digest))
                found = list(listed.said.get("manifests") or ()) if listed else []
                break
            found += json.loads(content).get("manifests") or ()
            where = answer.links.get("next", {}).get("url", "")
        return [each for each in found if not artifact_type or each.get("artifactType") == artifact_type]

    def has_blob(self, digest: str) -> bool:
        return self._call("HEAD", f"blobs/{digest}", accepted=(200, 404)).status_code == 200

    def blob(self, digest: str, *, limit: int) -> bytes:
        """A small one's bytes; of one with more than `limit` nothing is kept."""
        content = limited(self._call("GET", f"blobs/{digest}", stream=True), limit, f"{self.url}@{digest}")
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
                content = Body(source._call("GET", f"blobs/{digest}", stream=True), digest)
                sent = self._registry.call("PATCH", started.headers["Location"], data=content, headers=BYTES)
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
        where = started.headers["Location"]
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


def images(name: str, *, registry_id: str, region: str) -> Images | None:
    """ECR's repository of that name, with a login of the process environment's credentials; None without one.

    The login is the one that the provider of images takes (registry_provider/provider/ecr.py).
    """
    ecr, which = Ecr(), Repository(name, registry_id, region)
    try:
        place = ecr.find(which)
        return Images(place.url, ecr.login(which)) if place else None
    except RegistryError as error:
        raise ExplainedError(str(error)) from error


def images_at(name: str, *, registry_id: str, region: str, beside: str) -> Images:
    """A repository of whose registry only a pull is allowed, so that ECR does not say where it is.

    Amazon's hosts are made of account and region; a host of another kind, `beside`, has the repositories of all.
    """
    host = re.sub(r"^\d{12}\.dkr([.-])ecr(-fips)?\.[a-z0-9-]+\.", rf"{registry_id}.dkr\1ecr\2.{region}.", beside)
    try:
        return Images(f"{host}/{name}", Ecr().login(Repository(name, registry_id, region)))
    except RegistryError as error:
        raise ExplainedError(str(error)) from error
