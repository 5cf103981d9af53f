"""An environment that is built from its branch follows it, and no other does."""

from __future__ import annotations

import requests

from tests.support.waiting import eventually
from tests.support.world import Environment, World, assert_nothing_to_do


def test_a_commit_on_develop_is_live_in_dev_alone(world: World, environments: dict[str, Environment]) -> None:
    """A push to the local Git host's `develop` deploys dev; staging and prod keep their release and its deploys."""
    dev, checkout = environments["dev"], world.checkout
    before = {name: environment.health()["version"] for name, environment in environments.items()}
    deploys = {name: deployed(world, name) for name in environments}
    base = checkout.run("git", "rev-parse", "HEAD", check=True).stdout.strip()
    health = checkout.folder / "app" / "cams" / "health.py"
    health.write_text(health.read_text().replace('"status": status,', '"status": status, "branch": "develop",'))

    try:
        checkout.run("git", "commit", "--quiet", "--all", "--message", "Say which branch this is", check=True)
        commit = checkout.run("git", "rev-parse", "HEAD", check=True).stdout.strip()
        checkout.shell('git push "$(./slipway local git)" HEAD:develop', check=True)
        eventually(lambda: dev.health()["version"] == commit, "dev runs the commit")
    finally:
        checkout.run("git", "reset", "--quiet", "--hard", base, check=True)

    assert dev.health()["branch"] == "develop"
    after = {name: environment.health()["version"] for name, environment in environments.items()}
    assert after == before | {"dev": commit}
    assert deployed(world, "staging") == deploys["staging"]
    assert deployed(world, "prod") == deploys["prod"]
    assert deployed(world, "dev")[1:] == deploys["dev"]
    assert_nothing_to_do(dev)


def test_the_front_end_is_served(environments: dict[str, Environment]) -> None:
    """Where each environment's API is; `frontend_url` is that address."""
    for name, environment in environments.items():
        front = environment.outputs["frontend_url"]

        page = requests.get(front, timeout=30)
        health = requests.get(f"{front}/api/health/", timeout=30)

        assert (page.status_code, health.status_code) == (200, 200)
        assert "<title>Exams</title>" in page.text
        assert front == environment.url
        assert health.json()["environment"] == name


def deployed(world: World, name: str) -> list[str]:
    """The web service's deploys, newest first."""
    service = world.render.service(f"cams-{name}")
    return [deploy["id"] for deploy in world.render.all(f"/services/{service['id']}/deploys", "deploy")]
