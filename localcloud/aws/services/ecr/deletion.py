"""What is deleted with what: a tag, the image when its last tag goes, none that an index still needs."""

from __future__ import annotations

import json
import re
from typing import Any

from moto.core.exceptions import ServiceException
from moto.ecr import models

from localcloud.aws.services.ecr.images import referred
from localcloud.aws.services.ecr.repository import layers

_DIGEST = re.compile(r"[0-9a-zA-Z_+.-]+:[0-9a-fA-F]{64}")


class DeletionFailure(ServiceException):
    """Why one image of several is still there: ECR tells it image by image."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def batch_delete_image(
    self: models.ECRBackend,
    repository_name: str,
    registry_id: str | None = None,
    image_ids: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    """Delete each, and say which could not be."""
    repository = self._get_repository(repository_name, registry_id)
    gone: list[dict[str, str]] = []
    failures: list[dict[str, Any]] = []
    for image_id in image_ids or []:
        try:
            gone += delete(repository, image_id.get("imageDigest"), image_id.get("imageTag"))
        except DeletionFailure as failure:
            failures.append({"imageId": image_id, "failureCode": failure.code, "failureReason": failure.message})
    return {"imageIds": gone, "failures": failures}


def delete(repository: Any, digest: str | None, tag: str | None) -> list[dict[str, str]]:
    """Delete an image by its digest, with all its tags, or one tag; gives what is no longer there."""
    if digest is None and tag is None:
        raise DeletionFailure("MissingDigestAndTag", "Invalid request parameters: both tag and digest cannot be null")
    if digest is not None and not _DIGEST.fullmatch(digest):
        reason = "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'"
        raise DeletionFailure("InvalidImageDigest", reason)
    image = next(
        (
            each
            for each in repository.images
            if digest in (None, each.image_digest) and (tag is None or tag in each.image_tags)
        ),
        None,
    )
    if image is None:
        mismatch = digest and tag and any(digest == each.image_digest for each in repository.images)
        raise DeletionFailure(
            *(
                ("ImageTagDoesNotMatchDigest", f"Requested image tag {tag} does not match digest {digest}")
                if mismatch
                else ("ImageNotFound", "Requested image not found")
            )
        )
    if tag is not None and digest is None and len(image.image_tags) > 1:
        image.remove_tag(tag)
        return [{"imageDigest": image.image_digest, "imageTag": tag}]
    _check_unreferenced(repository, image.image_digest)
    repository.images.remove(image)
    _forget_layers(set(referred(json.loads(image.image_manifest))))
    tagged = [{"imageDigest": image.image_digest, "imageTag": each} for each in image.image_tags]
    return tagged or [{"imageDigest": image.image_digest}]


def _forget_layers(digests: set[str]) -> None:
    """Of these, the ones that no image needs any more leave the disk."""
    backends: Any = models.ecr_backends
    for _, _, backend in backends.iter_backends():
        for repository in backend.repositories.values():
            needed = {digest for each in repository.images for digest in referred(json.loads(each.image_manifest))}
            for digest in digests - needed:
                repository.layers.pop(digest, None)
            digests -= needed
    for digest in digests:
        layers().forget(digest)


def _check_unreferenced(repository: Any, digest: str) -> None:
    indexes = [
        each.image_digest
        for each in repository.images
        if digest in {part["digest"] for part in json.loads(each.image_manifest).get("manifests", [])}
    ]
    if indexes:
        reason = f"Requested image referenced by manifest list: [{', '.join(indexes)}]"
        raise DeletionFailure("ImageReferencedByManifestList", reason)
