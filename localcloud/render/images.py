"""Image references as Render reads them back: with host, namespace and tag."""

from __future__ import annotations

import re

from localcloud.render.http import ApiError

_REPOSITORY = re.compile(r"^[a-z0-9]+([._/-]+[a-z0-9]+)*$")
_TAG = re.compile(r"^\w[\w.-]{0,127}$")
_DIGEST = re.compile(r"^sha256:[0-9a-f]{64}$")


def normalise(image: str) -> str:
    """`nginx` is `docker.io/library/nginx:latest`; a digest stays."""
    host, repository, end = split(image)
    return f"{host}/{repository}{end}"


def repository(image: str) -> str:
    """Host and repository, without tag and digest."""
    host, name, _ = split(image)
    return f"{host}/{name}"


def digest(image: str) -> str | None:
    """The digest that the reference pins, if it does."""
    _, _, end = split(image)
    return end.partition("@")[2] or None


def split(image: str) -> tuple[str, str, str]:
    """Host, repository, and the end that starts with `:` or `@`; 400 when it is no image reference."""
    rest, at, pinned = image.removeprefix("https://").partition("@")
    first, slash, remainder = rest.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        host, name = first, remainder
    else:
        host, name = "docker.io", rest
    name, colon, tag = name.partition(":")
    if host == "docker.io" and "/" not in name:
        name = f"library/{name}"
    valid = _REPOSITORY.match(name) and (not colon or _TAG.match(tag)) and (not at or _DIGEST.match(pinned))
    if not valid:
        raise ApiError(400, f"invalid image URL: {image}")
    end = (f":{tag}" if colon else "") + (f"@{pinned}" if at else "")
    return host, name, end or ":latest"
