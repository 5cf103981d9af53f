"""Image references are read back as Render shows them."""

from __future__ import annotations

import pytest

from localcloud.render import images
from localcloud.render.http import ApiError

DIGEST = "sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("nginx", "docker.io/library/nginx:latest"),
        ("nginx:1.27", "docker.io/library/nginx:1.27"),
        ("someone/app", "docker.io/someone/app:latest"),
        ("docker.io/nginx", "docker.io/library/nginx:latest"),
        ("ghcr.io/a/b/c:v1", "ghcr.io/a/b/c:v1"),
        (f"127.0.0.1:5000/cams@{DIGEST}", f"127.0.0.1:5000/cams@{DIGEST}"),
        (f"localhost:5000/cams:v1@{DIGEST}", f"localhost:5000/cams:v1@{DIGEST}"),
    ],
)
def test_normalise(given: str, shown: str) -> None:
    """Host, namespace and tag are filled in; a digest stays."""
    assert images.normalise(given) == shown


@pytest.mark.parametrize("given", ["", "UPPER", "a b", "nginx:", "nginx@sha256:short", "host.io/", "nginx:-bad"])
def test_nonsense_is_refused(given: str) -> None:
    """What is no image reference is a 400."""
    with pytest.raises(ApiError, match="invalid image URL") as caught:
        images.normalise(given)

    assert caught.value.status == 400


def test_repository_and_digest() -> None:
    """The repository has neither tag nor digest."""
    assert images.repository(f"127.0.0.1:5000/cams:v1@{DIGEST}") == "127.0.0.1:5000/cams"
    assert images.digest(f"127.0.0.1:5000/cams@{DIGEST}") == DIGEST
    assert images.digest("nginx") is None
