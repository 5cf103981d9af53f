"""What hangs on an image: signatures, SBOMs and other artifacts whose manifest names it as their subject."""

from __future__ import annotations

import json
from typing import Any

from moto.core.responses import ActionResult
from moto.ecr.responses import ECRResponse

from localcloud.aws.services.ecr.images import artifact_type


def install() -> None:
    """Give ECR the operation that moto lacks."""
    answers: Any = ECRResponse
    answers.list_image_referrers = _list_image_referrers


def of(repository: Any, subject: str, types: list[str] | None = None) -> list[dict[str, Any]]:
    """The descriptors of the manifests whose subject has that digest, oldest first; of those types alone."""
    manifests = [(image, json.loads(image.image_manifest)) for image in repository.images]
    descriptors = [
        {
            "mediaType": image.image_manifest_media_type,
            "digest": image.image_digest,
            "size": len(image.image_manifest.encode()),
            "artifactType": artifact_type(manifest),
            "annotations": manifest.get("annotations"),
        }
        for image, manifest in manifests
        if subject_of(manifest) == subject
    ]
    return [
        {name: value for name, value in each.items() if value is not None}
        for each in descriptors
        if not types or each["artifactType"] in types
    ]


def subject_of(manifest: dict[str, Any]) -> str | None:
    """The digest of what a manifest hangs on."""
    subject = manifest.get("subject")
    return str(subject["digest"]) if isinstance(subject, dict) and "digest" in subject else None


def _list_image_referrers(self: Any) -> ActionResult:
    repository = self.ecr_backend._get_repository(self._get_param("repositoryName"), self._get_param("registryId"))
    wanted = self._get_param("filter") or {}
    every = of(repository, self._get_param("subjectId")["imageDigest"], wanted.get("artifactTypes"))
    start, size = int(self._get_param("nextToken") or 0), int(self._get_param("maxResults") or 50)
    page = [{**each, "artifactStatus": "ACTIVE"} for each in every[start : start + size]]
    more = {"nextToken": str(start + size)} if start + size < len(every) else {}
    return ActionResult({"referrers": page, **more})
