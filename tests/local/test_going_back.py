"""A release that is seen to be worse than the one before goes back by itself; a locked environment is left alone."""

from __future__ import annotations

from tests.support.world import Environment, World, assert_nothing_to_do

SLOW = (
    "            return await self.get_response(request)\n",
    "            await __import__('asyncio').sleep(0.3)\n            return await self.get_response(request)\n",
)
LONG = {"SLIPWAY_WATCH_SECONDS": "25"}


def test_a_release_that_is_ten_times_slower_goes_back_by_itself(world: World, staging: Environment) -> None:
    """It passes every check, and nobody could work with it: all of it is as before, and mended code is deployed."""
    before, image = staging.health(), staging.image()

    with world.checkout.spoilt("app/cams/health.py", SLOW):
        failed = world.checkout.run("./slipway", "up", "staging", environment=world.checkout.environment | LONG)
        after = staging.health()

    assert failed.returncode == 1
    assert f"error: staging was rolled back to {before['version'][:19]}: " in failed.stderr
    assert "(2 times as long is allowed)" in failed.stderr
    assert "restored after " in failed.stderr
    assert after["version"] == before["version"]

    world.slipway_up("staging")

    assert (staging.health()["version"], staging.image()) == (before["version"], image)
    assert_nothing_to_do(staging)
    told = world.slipway("release", "list", "staging", "--events", "--json", check=True).stdout
    assert '"outcome": "done"' in told.partition('"number"')[2].partition('"number"')[0]
    assert "staging was rolled back to" in told


def test_a_locked_environment_says_who_and_why(world: World, staging: Environment) -> None:
    """Exit code 3, and nothing is changed, until somebody unlocks it."""
    world.slipway("lock", "staging", "-m", "exam until noon", check=True)

    refused = world.slipway_up("staging", check=False)
    world.slipway("unlock", "staging", check=True)

    assert refused.returncode == 3
    assert "error: refused: staging is locked by " in refused.stderr
    assert ": exam until noon\n\nhint: when that is over: ./slipway unlock staging" in refused.stderr
    world.slipway_up("staging")
