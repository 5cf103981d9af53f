"""Scans for vulnerabilities: this cloud knows none, and says of each image that nothing was scanned."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

from moto.core.responses import ActionResult
from moto.ecr.exceptions import LimitExceededException
from moto.ecr.responses import ECRResponse

from localcloud.aws.services.ecr.errors import ScanNotFoundException
from localcloud.machine import clock

# What ECR itself says of an image that its scanner cannot read. moto finds CVE-9999-9999 in every one.
STATUS = {
    "status": "UNSUPPORTED_IMAGE",
    "description": "UnsupportedImageError: nothing was scanned, the local cloud has no data on vulnerabilities",
}
_PAUSE = timedelta(days=1)  # ECR scans an image once in 24 hours at most


def install() -> None:
    """Answer for moto."""
    answers: Any = ECRResponse
    answers.start_image_scan = _start_image_scan
    answers.describe_image_scan_findings = _describe_image_scan_findings


def scan(image: Any) -> None:
    """An image was looked at, in vain."""
    image.last_scan = clock.now()


def _start_image_scan(self: Any) -> ActionResult:
    repository, image = _image(self)
    if image.last_scan and clock.now() - image.last_scan.replace(tzinfo=UTC) < _PAUSE:
        raise LimitExceededException
    scan(image)
    return ActionResult({**_names(repository, image), "imageScanStatus": {"status": "IN_PROGRESS"}})


def _describe_image_scan_findings(self: Any) -> ActionResult:
    repository, image = _image(self)
    if not image.last_scan:
        asked = self._get_param("imageId")
        named = f"{{imageDigest:'{asked.get('imageDigest', 'null')}', imageTag:'{asked.get('imageTag', 'null')}'}}"
        raise ScanNotFoundException(named, repository.name, repository.registry_id)
    return ActionResult({**_names(repository, image), "imageScanStatus": STATUS})


def _image(response: Any) -> tuple[Any, Any]:
    repository = response.ecr_backend._get_repository(
        response._get_param("repositoryName"), response._get_param("registryId")
    )
    asked = response._get_param("imageId")
    return repository, repository._get_image(asked.get("imageTag"), asked.get("imageDigest"))


def _names(repository: Any, image: Any) -> dict[str, Any]:
    tag = {"imageTag": image.image_tag} if image.image_tag else {}
    return {
        "registryId": repository.registry_id,
        "repositoryName": repository.name,
        "imageId": {"imageDigest": image.image_digest, **tag},
    }
