"""Which content an image says that it was built of: a label in its configuration, read from the registry itself."""

from __future__ import annotations

from console.errors import ExplainedError
from registry_api.images import Images
from registry_provider.provider.errors import RegistryError

CONTENT = "dev.slipway.content"
"""The label's name; its value is the tag that the content has. It is part of what the image's digest is made of."""


def content_of(repository: str, digest: str, login: str) -> str:
    """The label of the image with that digest; empty where it has none, as what is an index of several images.

    `repository` is `HOST/NAME`, `login` as `docker` keeps it.
    """
    try:
        return Images(repository, login).labels(digest).get(CONTENT, "")
    except ExplainedError as error:
        raise RegistryError(f"cannot look into the image {repository}@{digest}", str(error)) from error
