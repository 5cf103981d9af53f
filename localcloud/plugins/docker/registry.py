"""Pushes images by the registry protocol (V2): each blob once, then the manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from localcloud.images import MANIFEST_TYPE, ImageReference
from localcloud.plugins.docker.source_image import Blob, BuiltImage
from localcloud.plugins.resource import PluginError

if TYPE_CHECKING:
    import requests

_SECONDS = (5, 120)


def reference_of(image: str) -> ImageReference:
    """Where an image of that name is pushed to; no tag means `latest`."""
    try:
        found = ImageReference.parse(image)
    except ValueError as error:
        raise PluginError(f"cannot push {image}: {error}") from error
    if not image.startswith(f"{found.host}/"):
        raise PluginError(f"cannot push {image}: its name says no registry (HOST/REPOSITORY:TAG)")
    if found.digest:
        raise PluginError(f"cannot push {image}: a digest is given to an image, not by its name")
    return found


class Registry:
    """One registry and who speaks to it."""

    def __init__(self, url: str, username: str, password: str, session: requests.Session | None = None) -> None:
        import requests  # not before there is something to push

        self.url = url
        self.session = session or requests.Session()
        self.session.trust_env = False  # no proxy, no .netrc: the credentials given and no others
        if username or password:
            self.session.auth = (username, password)

    @classmethod
    def of(cls, image: ImageReference, registry: Mapping[str, Any]) -> Registry:
        """The registry of an image; its credentials only when they are meant for that host."""
        host = image.host
        server = str(registry.get("server") or host)
        parts = urlsplit(server if "//" in server else f"//{server}")
        if parts.netloc != host:
            raise PluginError(f"cannot push {image}: the credentials are for the registry {parts.netloc}, not {host}")
        scheme = parts.scheme or ("http" if image.on_this_machine else "https")
        return cls(f"{scheme}://{host}", str(registry.get("username") or ""), str(registry.get("password") or ""))

    def push(self, repository: str, tag: str, image: BuiltImage) -> None:
        """Send what the registry does not have. Doing it again sends nothing."""
        place = f"{self.url}/v2/{repository}/manifests/{tag}"
        there = self._call("HEAD", place, headers={"Accept": MANIFEST_TYPE}, accepted=(200, 404))
        if there.status_code == 200 and there.headers.get("Docker-Content-Digest") == image.digest:
            return
        for blob in image.blobs:
            self._push_blob(repository, blob)
        self._call("PUT", place, data=image.manifest.content, headers={"Content-Type": MANIFEST_TYPE})

    def _push_blob(self, repository: str, blob: Blob) -> None:
        base = f"{self.url}/v2/{repository}/blobs"
        if self._call("HEAD", f"{base}/{blob.digest}", accepted=(200, 404)).status_code == 200:
            return
        upload = self._call("POST", f"{base}/uploads/")
        target = urljoin(f"{self.url}/", upload.headers["Location"])
        separator = "&" if "?" in target else "?"
        headers = {"Content-Type": "application/octet-stream"}
        self._call("PUT", f"{target}{separator}digest={blob.digest}", data=blob.content, headers=headers)

    def _call(
        self, method: str, url: str, *, accepted: tuple[int, ...] = (200, 201, 202), **options: Any
    ) -> requests.Response:
        import requests

        try:
            answer = self.session.request(method, url, timeout=_SECONDS, **options)
        except requests.ConnectionError as error:
            raise PluginError(
                f"cannot reach the registry {self.url}: {error}\n\nhint: ./slipway local start"
            ) from error
        if answer.status_code in accepted:
            return answer
        raise PluginError(f"the registry {self.url} refused {method} {urlsplit(url).path}: {_reason(answer)}")


def _reason(answer: requests.Response) -> str:
    if answer.status_code == 401:
        return "401, the credentials are not valid there"
    try:
        errors = answer.json()["errors"]
        return f"{answer.status_code}, " + "; ".join(f"{each['code']}: {each.get('message', '')}" for each in errors)
    except (ValueError, LookupError, TypeError):
        return f"{answer.status_code} {answer.text[:200]}".strip()
