"""What our registry needs of ECR and moto does otherwise: one file a noun."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.ecr import models, responses

from localcloud.aws.registry import tokens
from localcloud.aws.services.ecr import deletion, images, lifecycle, lifecycle_rules, referrers, scans, settings
from localcloud.aws.services.ecr.repository import Repository, address, layers

_moto_complete_layer_upload = models.ECRBackend.complete_layer_upload


def install() -> None:
    """Make moto's ECR use these."""
    moto_ecr: Any = models
    moto_ecr.Repository = Repository
    backend: Any = models.ECRBackend
    backend.put_image = images.put_image
    backend.batch_delete_image = deletion.batch_delete_image
    backend.complete_layer_upload = _complete_layer_upload
    answers: Any = responses.ECRResponse
    answers.get_authorization_token = _get_authorization_token
    lifecycle.install()
    lifecycle_rules.install()
    referrers.install()
    scans.install()
    settings.install()


def forget_unreferred() -> int:
    """Delete layers that no image refers to. To be called after loading, before serving: nobody is pushing."""
    wanted: set[str] = set()
    backend: Any
    for _, _, backend in models.ecr_backends.iter_backends():
        for repository in backend.repositories.values():
            used = {
                digest for image in repository.images for digest in images.referred(json.loads(image.image_manifest))
            }
            repository.layers = {digest: size for digest, size in repository.layers.items() if digest in used}
            repository.uploads.clear()
            wanted |= used
    return layers().forget_all_but(wanted)


def _complete_layer_upload(
    self: models.ECRBackend,
    repository_name: str,
    upload_id: str,
    layer_digests: list[str],
    registry_id: str | None = None,
) -> dict[str, Any]:
    """Keep the layer's bytes too, so that it can be pulled."""
    upload = self._get_repository(repository_name, registry_id).uploads.get(upload_id)
    if upload is not None:
        layers().add(bytes(upload.layer_parts))
    return _moto_complete_layer_upload(self, repository_name, upload_id, layer_digests, registry_id)


def _get_authorization_token(self: Any) -> ActionResult:
    """A password that the registry checks, for as long as ECR's is good."""
    token, expires = tokens.issue(self.access_key)
    data = {
        "authorizationToken": b64encode(f"AWS:{token}".encode()).decode(),
        "expiresAt": datetime.fromtimestamp(expires, UTC),
        "proxyEndpoint": f"http://{address()}",
    }
    return ActionResult({"authorizationData": [data] * len(self._get_param("registryIds") or [None])})
