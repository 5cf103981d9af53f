"""What the registry has under a tag is the image: gone, pushed by somebody else, or recorded as a release."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.world import Environment, World, assert_nothing_to_do

REPOSITORY, RECORD = "cams-staging", "/cams/staging/release"
GONE = "sha256:" + "ab" * 32


class Images:
    """Staging's repository, behind Pulumi's back."""

    def __init__(self, world: World) -> None:
        self.ecr, self.ssm = world.aws("ecr"), world.aws("ssm")

    def one(self, digest: str) -> dict[str, Any]:
        """The image of that digest."""
        asked = {"repositoryName": REPOSITORY, "imageIds": [{"imageDigest": digest}]}
        [found] = self.ecr.batch_get_image(**asked)["images"]
        return dict(found)

    def there(self) -> set[str]:
        """The digests that it has."""
        return {one["imageDigest"] for one in self.ecr.list_images(repositoryName=REPOSITORY)["imageIds"]}

    def delete(self, digest: str) -> None:
        """Delete an image with all its tags."""
        self.ecr.batch_delete_image(repositoryName=REPOSITORY, imageIds=[{"imageDigest": digest}])

    def record(self, digest: str) -> None:
        """Write a release record."""
        self.ssm.put_parameter(Name=RECORD, Type="String", Overwrite=True, Value=json.dumps({"digest": digest}))


@pytest.fixture
def images(world: World, staging: Environment) -> Iterator[Images]:
    """To be disturbed; afterwards there is no release, and what runs is built from the checkout."""
    found = Images(world)
    yield found
    if found.ssm.get_parameters(Names=[RECORD])["Parameters"]:
        found.ssm.delete_parameter(Name=RECORD)
    world.slipway_up("staging")


def touched(environment: Environment) -> dict[str, str]:
    """When each resource was changed last."""
    return {one["urn"]: one["modified"] for one in environment.resources() if one["custom"]}


def test_an_image_that_is_gone_is_seen_and_pushed_again(world: World, staging: Environment, images: Images) -> None:
    """`up` misses it without a refresh and brings it back; nothing is deployed for it, since it is the same."""
    digest = staging.health()["version"]
    images.delete(digest)

    preview = world.pulumi("preview", "--stack", "staging", "--diff")
    done = world.slipway_up("staging")

    assert f'- digest: "{digest}"' in preview.stdout
    assert "registry:index:Image image updated" in done.stderr
    assert "~ 1 updated" in done.stderr
    assert digest in images.there()
    assert_nothing_to_do(staging)


def test_a_tag_with_another_digest_is_what_runs(world: World, staging: Environment, images: Images) -> None:
    """Built elsewhere: the repository would refuse ours under that tag for ever, and theirs is taken and deployed."""
    ours = staging.health()["version"]
    image = images.one(ours)
    other = {
        "repositoryName": REPOSITORY,
        "imageManifest": image["imageManifest"] + "\n",
        "imageManifestMediaType": image["imageManifestMediaType"],
    }
    theirs = images.ecr.put_image(**other)["image"]["imageId"]["imageDigest"]
    images.delete(ours)  # its layers are still needed
    images.ecr.put_image(**other, imageTag=image["imageId"]["imageTag"])

    world.slipway_up("staging")

    assert theirs != ours
    assert staging.health()["version"] == theirs
    assert staging.image().endswith(f"@{theirs}")
    assert_nothing_to_do(staging)
    images.delete(theirs)  # so that the next run builds ours again


def test_a_tag_that_a_release_took_out_of_the_state_is_found_again(
    world: World, staging: Environment, images: Images
) -> None:
    """The first record takes the image out of the state, not out of the registry; without a record it is there."""
    digest = staging.health()["version"]
    images.record(digest)  # which nothing vouches for: `./slipway up` would refuse it
    released = world.pulumi_up("staging")
    images.ssm.delete_parameter(Name=RECORD)

    again = world.slipway_up("staging")

    assert "registry:index:Image image deleted" in released.output
    assert "registry:index:Image image created" in again.stderr
    assert staging.image().endswith(f"@{digest}")
    assert_nothing_to_do(staging)


def test_a_released_image_that_is_gone_stops_up_before_it_changes_anything(
    world: World, staging: Environment, images: Images
) -> None:
    """The message names the digest and what to run; what runs stays as it is."""
    before = touched(staging)
    images.record(GONE)

    failed = world.slipway_up("staging", check=False)

    url = staging.outputs["registry"]
    assert failed.returncode == 1
    assert f"cannot deploy the release of staging: its image {GONE} is no longer in {url}\n" in failed.stderr
    assert f"crane copy OTHER@{GONE} {url}:restored-{'ab' * 6}\n" in failed.stderr
    assert f"aws ssm delete-parameter --name {RECORD}\n" in failed.stderr
    assert touched(staging) == before
