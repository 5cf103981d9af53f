"""The engine is killed in the middle of an `up`; the next one goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support import inventory
from tests.support.running import Running
from tests.support.waiting import eventually
from tests.support.world import World
from tests.support.worlds import separate_world

GONE_SECONDS = 5.0
FIRST_LINE = '"""'


def _key(world: World) -> bool:
    aliases = [one["AliasName"] for one in world.aws("kms").list_aliases()["Aliases"]]
    return "alias/cams-staging" in aliases


def _access_key(world: World) -> bool:
    iam = world.aws("iam")
    users = [one["UserName"] for one in iam.list_users()["Users"] if one["UserName"].startswith("cams-")]
    return any(iam.list_access_keys(UserName=one)["AccessKeyMetadata"] for one in users)


def _image(world: World) -> bool:
    ecr = world.aws("ecr")
    repositories = [one["repositoryName"] for one in ecr.describe_repositories()["repositories"]]
    return any(ecr.list_images(repositoryName=one)["imageIds"] for one in repositories)


def _postgres(world: World) -> bool:
    return bool(world.render.all("/postgres"))


def _web(world: World) -> bool:
    return "cams-staging" in world.render.names("/services", "service")


def _deploying(world: World) -> bool:
    web = world.render.service("cams-staging")["id"]
    statuses = [one["status"] for one in world.render.all(f"/services/{web}/deploys", "deploy")]
    return len(statuses) > 1 and statuses[0] == "update_in_progress"


MOMENTS: dict[str, Callable[[World], bool]] = {
    "the KMS key exists": _key,
    "the Postgres exists": _postgres,
    "the access key exists": _access_key,
    "the image is pushed": _image,
    "the web service exists": _web,
    "the web service is being deployed": _deploying,
}


def test_an_up_killed_at_six_moments_is_finished_by_the_next() -> None:
    """Each of six runs is killed later than the last; the seventh leaves nothing double, nothing orphaned."""
    with separate_world() as world:
        started = world.slipway("local", "start")
        assert started.returncode == 0, started.output
        _kill_six_times_and_finish(world)


def _kill_six_times_and_finish(world: World) -> None:
    for moment in MOMENTS.values():
        _kill_when(world, moment)
    finished = world.pulumi_up("staging")
    again = world.pulumi("preview", "--stack", "staging", "--expect-no-changes", "--diff")

    assert finished.returncode == 0, finished.output
    assert again.returncode == 0, again.output
    assert inventory.pending(world, "staging") == []
    assert inventory.differences(world) == {}


def test_an_update_killed_in_its_deploy_is_finished_by_the_next(staging: World) -> None:
    """A new image is being deployed when the engine is killed; the next run makes it live, and warns of nothing."""
    with staging.checkout.spoilt("app/cams/__init__.py", (FIRST_LINE, FIRST_LINE + "\n# a change\n")):
        _kill_when(staging, _deploying)
        finished = staging.pulumi_up("staging")
        again = staging.pulumi("preview", "--stack", "staging", "--expect-no-changes", "--diff")
    mended = staging.pulumi_up("staging")

    assert finished.returncode == 0, finished.output
    assert again.returncode == 0, again.output
    assert mended.returncode == 0, mended.output
    assert "warning" not in again.output
    assert inventory.pending(staging, "staging") == []
    assert inventory.differences(staging) == {}


def test_a_destroy_killed_in_the_middle_is_finished_by_the_next(world: World) -> None:
    """Half of dev is gone when the engine is killed; the next destroy takes the rest, and nothing else."""
    assert world.pulumi_up("dev").returncode == 0
    destroy = ("pulumi", "destroy", "--stack", "dev", "--yes", "--skip-preview")
    running = world.begin(*destroy, environment=world.variables)
    running.until(lambda: "cams-dev" not in world.render.names("/services", "service"))
    _kill(running)
    finished = world.pulumi("destroy", "--stack", "dev", "--yes", "--skip-preview")
    again = world.pulumi("preview", "--stack", "dev", "--diff")

    assert finished.returncode == 0, finished.output
    assert again.returncode == 0, again.output
    assert inventory.pending(world, "dev") == []
    assert inventory.differences(world) == {}


@pytest.mark.parametrize("children", [1, 2, 3])
def test_an_engine_killed_as_it_starts_leaves_no_plugin(world: World, children: int) -> None:
    """Plugins that are still starting when the engine is killed end as soon as those that answer."""
    running = world.begin_up("staging")
    running.until(lambda: len(running.family()) >= children)
    _kill(running)

    assert running.family() == []


def test_ctrl_c_ends_an_up_in_words_and_the_next_goes_on(dev_gone: World) -> None:
    """SIGINT to the whole group, as a terminal sends it: exit code 1, words, no traceback, no process left."""
    running = dev_gone.begin(str(dev_gone.checkout.folder / "slipway"), "up", "dev")
    running.until_says("web creating")
    code = running.interrupt()
    told = running.text()
    eventually(lambda: not running.family(), seconds=GONE_SECONDS)
    finished = dev_gone.slipway("up", "dev")

    assert code == 1, told
    assert "Traceback" not in told
    assert "error: dev is not up: interrupted" in told
    assert "hint: " in told
    assert finished.returncode == 0, finished.output
    assert inventory.pending(dev_gone, "dev") == []


def _kill_when(world: World, moment: Callable[[World], bool]) -> None:
    running = world.begin_up("staging")
    running.until(lambda: moment(world))
    _kill(running)


def _kill(running: Running) -> None:
    """`kill -9` of the engine alone; whatever it had started must end by itself."""
    running.kill()
    eventually(lambda: not running.family(), seconds=GONE_SECONDS)
