"""Image references in requests, refused as Render refuses them."""

from __future__ import annotations

from localcloud.images.reference import ImageReference
from localcloud.render.api.errors import ApiError


def image_of(text: str) -> ImageReference:
    """What the text names, with or without `https://`; 400 when it names no image."""
    try:
        return ImageReference.parse(text.removeprefix("https://"))
    except ValueError as error:
        raise ApiError(400, f"invalid image URL: {text}") from error
