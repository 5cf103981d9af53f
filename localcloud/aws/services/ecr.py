"""What our registry needs of ECR and moto does otherwise: addresses, tokens, digests, tags, layers."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.ecr import models, responses
from moto.ecr.exceptions import ImageAlreadyExistsException, InvalidParameterException

from localcloud.aws.blobs import Blobs
from localcloud.aws.registry import tokens
from localcloud.images.reference import digest_of
from localcloud.machine import ports
from localcloud.machine.paths import folder


def layers() -> Blobs:
    """The bytes of all layers and configurations; `Repository.layers` says which a repository has."""
    return Blobs(folder("aws", "registry"))


class ImageTagAlreadyExistsException(ServiceException):
    """The tag is taken and the repository's tags are immutable, also when the image is the same."""

    code = "ImageTagAlreadyExistsException"

    def __init__(self, tag: str, repository: str) -> None:
        super().__init__(
            f"The image tag '{tag}' already exists in the '{repository}' repository "
            "and cannot be overwritten because the tag is immutable."
        )


class LayersNotFoundException(ServiceException):
    """A manifest names something that was not pushed."""

    code = "LayersNotFoundException"

    def __init__(self, digests: list[str], repository: str) -> None:
        self.digests = digests
        super().__init__(f"Layers with digests {digests} not found in the '{repository}' repository")


class ImageDigestDoesNotMatchException(ServiceException):
    """The client's digest is not the manifest's."""

    code = "ImageDigestDoesNotMatchException"


class Repository(models.Repository):
    """A repository of the registry on this machine."""

    @property
    def uri(self) -> str:
        """Where to push to. The port is asked for each time: it is the registry's, not the repository's."""
        return f"{address()}/{self.name}"

    @uri.setter
    def uri(self, value: str) -> None:
        """moto's constructor says the name in Amazon's domain."""


class Image(models.Image):
    """An image as large as what is pulled of it, not as its configuration alone."""

    def get_image_size_in_bytes(self) -> int | None:
        """The manifest's configuration and layers together; nothing for an index, as in ECR."""
        manifest = json.loads(self.image_manifest)
        if "layers" not in manifest:
            return None
        return sum(int(part.get("size", 0)) for part in [manifest.get("config", {}), *manifest["layers"]])


def _put_image(
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
    else:
        image.update_tag(image_tag)
    return image


_moto_complete_layer_upload = models.ECRBackend.complete_layer_upload


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


def address() -> str:
    """The registry's host and port, as images are named."""
    return f"{ports.HOST}:{ports.port('registry')}"


def install() -> None:
    """Make moto's ECR use these."""
    moto_ecr: Any = models
    moto_ecr.Repository = Repository
    moto_ecr.ECRBackend.put_image = _put_image
    moto_ecr.ECRBackend.complete_layer_upload = _complete_layer_upload
    answers: Any = responses.ECRResponse
    answers.get_authorization_token = _get_authorization_token


def forget_unreferred() -> int:
    """Delete layers that no image refers to. To be called after loading, before serving: nobody is pushing."""
    wanted: set[str] = set()
    backend: Any
    for _, _, backend in models.ecr_backends.iter_backends():
        for repository in backend.repositories.values():
            used = {digest for image in repository.images for digest in referred(json.loads(image.image_manifest))}
            repository.layers = {digest: size for digest, size in repository.layers.items() if digest in used}
            repository.uploads.clear()
            wanted |= used
    return layers().forget_all_but(wanted)


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


def _get_authorization_token(self: Any) -> ActionResult:
    """A password that the registry checks, for as long as ECR's is good."""
    token, expires = tokens.issue(self.access_key)
    data = {
        "authorizationToken": b64encode(f"AWS:{token}".encode()).decode(),
        "expiresAt": datetime.fromtimestamp(expires, UTC),
        "proxyEndpoint": f"http://{address()}",
    }
    return ActionResult({"authorizationData": [data] * len(self._get_param("registryIds") or [None])})
