"""Images: digests, tags that do not move, what a manifest names, and what is deleted with what."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any

from moto.ecr import models
from moto.ecr.exceptions import ImageAlreadyExistsException, InvalidParameterException

from localcloud.aws.services.ecr import scans
from localcloud.aws.services.ecr.errors import (
    ImageDigestDoesNotMatchException,
    ImageTagAlreadyExistsException,
    LayersNotFoundException,
)
from localcloud.images.reference import digest_of


class Image(models.Image):
    """An image as large as what is pulled of it, not as its configuration alone."""

    def get_image_size_in_bytes(self) -> int | None:
        """The manifest's configuration and layers together; nothing for an index, as in ECR."""
        manifest = json.loads(self.image_manifest)
        if "layers" not in manifest:
            return None
        return sum(int(part.get("size", 0)) for part in [manifest.get("config", {}), *manifest["layers"]])

    @property
    def artifact_media_type(self) -> str | None:
        """What kind of thing it is, when it is no image for a container to run."""
        return artifact_type(json.loads(self.image_manifest))

    @property
    def image_scan_status(self) -> dict[str, str] | None:
        """How its scan went, once there was one."""
        return scans.STATUS if self.last_scan else None


def put_image(
    self: models.ECRBackend,
    repository_name: str,
    image_manifest: str,
    image_tag: Any = None,
    image_manifest_mediatype: str | None = None,
    digest: str | None = None,
) -> Any:
    """Add a manifest, or a tag to one that is there. A tag that moves leaves the old image untagged."""
    repository = self._get_repository(repository_name)
    media_type, missing = _read_manifest(repository, image_manifest, image_manifest_mediatype)
    if missing:
        raise LayersNotFoundException(missing, repository_name)
    actual = digest_of(image_manifest.encode())
    if digest and digest != actual:
        raise ImageDigestDoesNotMatchException(f"The image digest is {actual}, not {digest}")

    tagged: Any = next((each for each in repository.images if image_tag and image_tag in each.image_tags), None)
    if tagged and _immutable(repository, image_tag):
        raise ImageTagAlreadyExistsException(image_tag, repository_name)
    image = next((each for each in repository.images if each.image_digest == actual), None)
    if image and (image_tag is None or tagged is image):
        raise ImageAlreadyExistsException(
            repository_name=repository_name, registry_id=repository.registry_id, digest=actual, image_tag=image_tag
        )
    if tagged:
        tagged.remove_tag(image_tag)
        if not tagged.image_tags:
            tagged.image_tag = None
    if image is None:
        image = Image(self.account_id, image_tag, image_manifest, repository_name, media_type, actual)
        repository.images.append(image)
        scanning: Any = repository.image_scanning_configuration
        if scanning.get("scanOnPush"):
            scans.scan(image)
    else:
        image.update_tag(image_tag)
    return image


def artifact_type(manifest: dict[str, Any]) -> str | None:
    """As the image specification says it: its own field, else its configuration's type."""
    said = manifest.get("artifactType") or manifest.get("config", {}).get("mediaType")
    return None if said is None else str(said)


def referred(manifest: dict[str, Any]) -> list[str]:
    """The digests of the blobs that a manifest needs in its repository."""
    parts = [manifest["config"], *manifest["layers"]] if "layers" in manifest else []
    return [str(part["digest"]) for part in parts if not part.get("urls")]


def _read_manifest(repository: Any, text: str, media_type: str | None) -> tuple[str, list[str]]:
    """Its media type, and what it names that the repository does not have."""
    try:
        manifest = json.loads(text)
        blobs = referred(manifest)
        images = [str(part["digest"]) for part in manifest.get("manifests", [])]
        said = media_type or manifest["mediaType"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidParameterException(
            "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid manifest content'"
        ) from error
    if not isinstance(said, str) or ("layers" in manifest) == ("manifests" in manifest):
        raise InvalidParameterException(
            "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid manifest type'"
        )
    there = {image.image_digest for image in repository.images}
    missing = [digest for digest in blobs if digest not in repository.layers]
    return said, missing + [digest for digest in images if digest not in there]


def _immutable(repository: Any, tag: str) -> bool:
    excluded = any(
        fnmatchcase(tag, each["filter"]) for each in repository.image_tag_mutability_exclusion_filters or []
    )
    return bool(repository.is_tag_immutable() != excluded)
