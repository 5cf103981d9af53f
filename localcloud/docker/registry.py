"""Pushes images by the registry protocol (V2): each blob once, then the manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from console.errors import ExplainedError
from localcloud.docker.source_image import Blob, BuiltImage
from localcloud.images.reference import MANIFEST_TYPE

if TYPE_CHECKING:
    import requests

_SECONDS = (5, 120)


class Registry:
    """One registry and who speaks to it."""

    def __init__(self, url: str, login: tuple[str, str], session: requests.Session | None = None) -> None:
        import requests  # not before there is something to push

        self.url = url
        self.session = session or requests.Session()
        self.session.trust_env = False  # no proxy, no .netrc: the credentials given and no others
        self.session.auth = login

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
            raise ExplainedError(
                f"cannot reach the registry {self.url}", str(error), hint="./slipway local start"
            ) from error
        if answer.status_code in accepted:
            return answer
        raise ExplainedError(f"the registry {self.url} refused {method} {urlsplit(url).path}", _reason(answer))


def _reason(answer: requests.Response) -> str:
    if answer.status_code == 401:
        return "401, the credentials are not valid there"
    try:
        errors = answer.json()["errors"]
        return f"{answer.status_code}, " + "; ".join(f"{each['code']}: {each.get('message', '')}" for each in errors)
    except (ValueError, LookupError, TypeError):
        return f"{answer.status_code} {answer.text[:200]}".strip()
