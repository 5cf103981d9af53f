"""Image references, as every part of the local cloud reads them."""

from __future__ import annotations

import pytest

from localcloud.images.reference import ImageReference
from localcloud.render.api.errors import ApiError
from localcloud.render.deploys.images import image_of

DIGEST = "sha256:" + "0" * 64
NONSENSE = ["", "UPPER", "a b", "nginx:", "nginx@sha256:short", "host.io/", "nginx:-bad", "nginx\n"]


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
def test_what_a_reference_leaves_out_is_filled_in(given: str, shown: str) -> None:
    """Host, namespace and tag; a digest stays and needs no tag."""
    assert str(ImageReference.parse(given)) == shown


def test_the_parts_of_a_reference() -> None:
    """The name has neither tag nor digest."""
    reference = ImageReference.parse(f"127.0.0.1:5000/a/cams:v1@{DIGEST}")

    assert reference == ImageReference("127.0.0.1:5000", "a/cams", "v1", DIGEST)
    assert reference.name == "127.0.0.1:5000/a/cams"


@pytest.mark.parametrize(
    ("given", "expected"),
    [("127.0.0.1:5000/a", True), ("localhost/a", True), ("127.0.0.1.example.org/a", False), ("a", False)],
)
def test_only_this_machines_registries_are_reached_without_tls(given: str, expected: bool) -> None:
    """By their host, with or without a port."""
    assert ImageReference.parse(given).on_this_machine is expected


@pytest.mark.parametrize("given", NONSENSE)
def test_nonsense_is_refused(given: str) -> None:
    """What is no image reference is an error."""
    with pytest.raises(ValueError, match="is not an image reference"):
        ImageReference.parse(given)


def test_the_render_api_answers_nonsense_with_400() -> None:
    """As Render words it; `https://` in front is fine."""
    assert str(image_of("https://ghcr.io/a/b")) == "ghcr.io/a/b:latest"

    with pytest.raises(ApiError, match="invalid image URL: nginx:") as caught:
        image_of("nginx:")

    assert caught.value.status == 400
