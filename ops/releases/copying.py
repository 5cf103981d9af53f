"""An image on its way to another registry: the same bytes, the same digest, and with it all that hangs on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from console.errors import ExplainedError
from registry_api.images import Images
from registry_api.manifests import Manifest

DEEPEST = 4  # an index, its images, what hangs on them, and on that


def copy(source: Images, target: Images, digest: str, *, tag: str = "") -> Manifest:
    """Have an image, or an index with its images, in another repository too.

    What is there is not sent again, so a copy that was interrupted goes on; two at once do not disturb each other,
    because everything has the name of its content. The tag comes last, when all that it promises is there.
    """
    manifest = _copied(source, target, digest, DEEPEST)
    if tag:
        target.put(manifest, tag)
    return manifest


def _copied(source: Images, target: Images, digest: str, depth: int) -> Manifest:
    manifest = source.manifest(digest)
    if manifest is None:
        raise ExplainedError(
            f"cannot copy {source.url}@{digest}", "it is not there", hint="./slipway release list shows what is"
        )
    if depth == 0:
        raise ExplainedError(
            f"cannot copy {source.url}@{digest}", "too much hangs on it: an index in an index in an index"
        )
    for blob in _blobs(manifest.said):
        target.copy_blob(source, blob)
    for inner in manifest.said.get("manifests") or ():
        _copied(source, target, str(inner["digest"]), depth - 1)
    target.put(manifest)
    for referrer in source.referrers(digest):
        _copied(source, target, str(referrer["digest"]), depth - 1)
    return manifest


def _blobs(said: dict[str, Any]) -> Iterator[str]:
    """The configuration and the layers; those that are elsewhere by their nature stay there."""
    for each in (said.get("config"), *(said.get("layers") or ())):
        if each and not each.get("urls"):
            yield str(each["digest"])
