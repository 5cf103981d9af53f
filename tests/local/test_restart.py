"""`local stop` leaves nothing running, and `local start` brings everything back as it was."""

from __future__ import annotations

import json
from functools import partial

import pytest
import requests

from tests.support.waiting import eventually
from tests.support.world import Environment, World, assert_nothing_to_do


def test_stop_and_start_keep_everything(world: World, environments: dict[str, Environment]) -> None:
    """Nothing runs after stop; after start each environment answers with its rows, and a preview is empty."""
    for name, environment in environments.items():
        environment.store(f"Kept by {name} over a stop")
    urls = {name: environment.url for name, environment in environments.items()}
    versions = {name: environment.health()["version"] for name, environment in environments.items()}
    assert world.left_running() != []

    try:
        world.checkout.shell("./slipway local stop", check=True)
        assert world.left_running() == []
        for url in urls.values():
            with pytest.raises(requests.ConnectionError):
                requests.get(url, timeout=5)
    finally:
        world.checkout.shell("./slipway local start", check=True)

    for name, environment in environments.items():
        eventually(partial(answers, urls[name]), f"{name} answers again")
        health = environment.health()
        assert (health["status"], health["version"]) == ("ok", versions[name])
        assert f"Kept by {name} over a stop" in environment.database.titles()
        listed = requests.get(f"{urls[name]}/api/exams/?limit=500", timeout=30).text
        assert f"Kept by {name} over a stop" in listed
    assert_nothing_to_do(environments["staging"])


def test_status_and_logs_tell_what_runs(world: World, staging: Environment) -> None:
    """`local status` names the processes with their memory; `local logs` prints a service's own lines."""
    assert "postgres" in world.checkout.shell("./slipway local status", check=True).stdout
    status = json.loads(world.checkout.run("./slipway", "local", "status", "--json", check=True).stdout)
    names = {process["name"] for process in status["processes"]}
    assert {"aws", "render", "edge", "postgres-16"} <= names
    assert 100 < status["memory_mib"] < 900

    requests.get(f"{staging.url}/api/health/?asked=by-the-test", timeout=30)

    logs = world.checkout.shell("./slipway local logs cams-staging", check=True)
    assert "/api/health/?asked=by-the-test" in logs.stdout


def answers(url: str) -> bool:
    """Whether that address answers 200."""
    try:
        return requests.get(f"{url}/api/health/", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False
