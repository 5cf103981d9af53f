"""`up` brings whole environments to life, and each keeps to itself what is stored in it."""

from __future__ import annotations

import json

import pytest

from tests.support.world import ENVIRONMENTS, Environment, World, assert_nothing_to_do


def test_up_tells_the_url_the_resources_and_the_seconds(world: World, staging: Environment) -> None:
    """`./slipway up staging` on an empty cloud exits 0 and prints where and what it is, and how long it took."""
    done = world.first_up["staging"]

    told = dict(line.split(None, 1) for line in done.stdout.splitlines())
    assert done.returncode == 0
    assert told["url"] == world.first_url["staging"]
    assert f"+ {told['resources']} created" in done.stderr
    assert 0 < float(told["seconds"]) < 120


def test_programs_read_the_same_as_json(world: World, staging: Environment) -> None:
    """`--json` prints one document on stdout, and talk goes to stderr."""
    done = world.checkout.run("./slipway", "up", "staging", "--json", check=True)

    report = json.loads(done.stdout)
    assert report["url"] == staging.url
    assert report["image"] == staging.outputs["image"]
    assert f"{report['resources']} unchanged" in done.stderr
    assert "slipway: bringing up staging on the local cloud" in done.stderr


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_an_environment_is_healthy(environments: dict[str, Environment], name: str) -> None:
    """`/api/health/` tells that the environment is its own, whole, and migrated."""
    environment = environments[name]

    health = environment.health()

    assert health["status"] == "ok"
    assert health["migrations"] == []
    assert health["environment"] == name
    assert health["cache"] == {"status": "ok"}
    assert environment.outputs["database_url"].endswith("/" + health["database"]["name"])


@pytest.mark.parametrize("name", ["staging", "prod"])
def test_a_release_is_an_image_by_digest(world: World, environments: dict[str, Environment], name: str) -> None:
    """What the public URL says it runs is the digest that the stack names, and that is in the registry."""
    environment = environments[name]

    repository, _, digest = environment.outputs["image"].partition("@")

    assert repository == environment.outputs["registry"]
    assert environment.health()["version"] == digest
    images = world.aws("ecr").describe_images(repositoryName=f"cams-{name}")["imageDetails"]
    assert digest in [image["imageDigest"] for image in images]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_a_row_is_in_one_database(environments: dict[str, Environment], name: str) -> None:
    """An exam stored through one environment is in its database once, and in no other."""
    title = f"An exam stored in {name} alone"

    environments[name].store(title)

    found = {one: environment.database.titles().count(title) for one, environment in environments.items()}
    assert found == {"dev": 0, "staging": 0, "prod": 0} | {name: 1}


def test_a_bare_up_changes_nothing(world: World, staging: Environment) -> None:
    """What `./slipway up` made is whole to the bare tool."""
    done = world.bare("pulumi up --stack staging --yes")

    assert "unchanged" in done.stdout
    assert not any(word in done.stdout for word in (" created", " updated", " replaced", " deleted"))


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_a_preview_after_up_is_empty(environments: dict[str, Environment], name: str) -> None:
    """`pulumi preview --expect-no-changes --diff` exits 0 with all three environments up."""
    assert_nothing_to_do(environments[name])
