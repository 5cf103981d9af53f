"""The packages of two images side by side, by the lists that hang on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.load import from_file
from infra.release import Release
from ops.commands.release.diff import lines
from ops.releases import attachments, sbom
from ops.releases.comparison import Comparison
from ops.releases.difference import differing
from ops.releases.overview import packages
from ops.releases.passage import Passage
from registry_api.manifests import Manifest
from tests.support.plain_registry import plain_registry, pushed
from tests.support.releasing import World, local_cloud

STAGING = from_file("staging")
BASE = "registry.example.org/python@sha256:"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with plain_registry(lists_referrers=True) as registry:
        yield World(registry, local_cloud(tmp_path))


def document(image: Manifest, base: str, *locked: str) -> bytes:
    """A real one."""
    return sbom.document(
        application="cams",
        digest=image.digest,
        requirements="\n".join(locked),
        dockerfile=f"FROM {BASE}{base * 64} AS app\n",
        config={},
        built=datetime(2026, 11, 26, tzinfo=UTC),
    )


def released(world: World, content: bytes, image: Manifest, subject: Manifest | None = None) -> Release:
    """A record that names what hangs there as the list of that image."""
    kind = attachments.SBOM_TYPE
    artifact = attachments.attach(world.registry.images("cams-staging"), subject or image, kind, content, {})
    return Release(digest=image.digest, sbom=artifact)


def listed(world: World, release: Release) -> dict[str, str] | None:
    clients = world.context.doors.aws(world.cloud, "")
    return packages(world.context, Passage(world.context, world.cloud, STAGING, clients), release)


def test_two_images_differ_by_their_packages_and_their_base(world: World) -> None:
    """As wide as a terminal."""
    images = world.registry.images("cams-staging")
    one, two = pushed(images, b"one"), pushed(images, b"two")
    ours = listed(world, released(world, document(one, "a", "django==5.2.1", "gunicorn==23.0.0"), one))
    theirs = listed(world, released(world, document(two, "b", "django==5.2.1", "redis==6.4.0"), two))
    assert ours is not None
    assert theirs is not None

    none: dict[str, list[str]] = {"here": [], "there": []}
    found = Comparison("staging", "prod", ("c0", "de"), (["c0 " + "x" * 80], []), none, {}, differing(ours, theirs))
    told = lines(found)

    assert told[-4:] == [
        "packages    staging | prod",
        "  gunicorn: 23.0.0 | -",
        "  redis: - | 6.4.0",
        "  registry.example.org/python: sha256:aaaaaaaaaaaa | sha256:bbbbbbbbbbbb",
    ]
    assert told[1] == f"  only staging: c0 {'x' * 56}…"
    assert max(map(len, told)) <= 80


@pytest.mark.parametrize(
    "content",
    [b"no JSON", b"[]", b'{"components": [1]}', b'{"components": 1}', b'{"components": [{}]}', b"[" * 100_000],
)
def test_what_is_no_list_is_none(world: World, content: bytes) -> None:
    """It is told as missing, and no error of ours."""
    assert listed(world, released(world, content, pushed(world.registry.images("cams-staging"), b"one"))) is None


def test_another_images_list_is_none(world: World) -> None:
    """Whoever may write a record could show what they like."""
    images = world.registry.images("cams-staging")
    one, other = pushed(images, b"one"), pushed(images, b"two")

    assert listed(world, released(world, document(other, "a", "django==1.0"), one, subject=other)) is None
    assert listed(world, Release(digest=one.digest, sbom="latest")) is None
