"""The errors of ECR that moto lacks, or words otherwise."""

from __future__ import annotations

from moto.core.exceptions import ServiceException


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


class ScanNotFoundException(ServiceException):
    """The image was never scanned."""

    code = "ScanNotFoundException"

    def __init__(self, image: str, repository: str, registry: str) -> None:
        super().__init__(
            f"Image scan does not exist for the image with '{image}' in the repository with name '{repository}' "
            f"in the registry with id '{registry}'"
        )
