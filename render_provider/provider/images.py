"""Image references as Render spells them."""

from __future__ import annotations


def normal(path: str) -> str:
    """`nginx` is `docker.io/library/nginx:latest` to Render."""
    name, at, digest = path.partition("@")
    first, slash, rest = name.partition("/")
    if not slash or not ("." in first or ":" in first or first == "localhost"):
        first, rest = "docker.io", name if slash else f"library/{name}"
    elif first == "docker.io" and "/" not in rest:
        rest = f"library/{rest}"
    if not at and ":" not in rest:
        rest = f"{rest}:latest"
    return f"{first}/{rest}{at}{digest}"


def same(one: str, other: str) -> bool:
    """Whether both name one image: by their digests where both have some, else by the rest."""
    (name, _, digest), (other_name, _, other_digest) = normal(one).partition("@"), normal(other).partition("@")
    if digest and other_digest:
        return digest == other_digest
    return name == other_name
