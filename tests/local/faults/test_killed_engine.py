"""The engine is killed in the middle of an `up`; the next one goes on."""

from __future__ import annotations

from collections.abc import Callable

from tests.local.faults import inventory
from tests.local.faults.world import World, wait_until

GONE_SECONDS = 5.0


def _key(world: World) -> bool:
    return len(inventory.client(world, "kms").list_keys()["Keys"]) > 1


def _access_key(world: World) -> bool:
    iam = inventory.client(world, "iam")
    users = [one["UserName"] for one in iam.list_users()["Users"] if one["UserName"].startswith("cams-")]
    return any(iam.list_access_keys(UserName=one)["AccessKeyMetadata"] for one in users)


def _image(world: World) -> bool:
    ecr = inventory.client(world, "ecr")
    repositories = [one["repositoryName"] for one in ecr.describe_repositories()["repositories"]]
    return any(ecr.list_images(repositoryName=one)["imageIds"] for one in repositories)


def _postgres(world: World) -> bool:
    return bool(inventory.render(world, "/postgres"))


def _web(world: World) -> bool:
    return "cams-staging" in inventory.names(world, "/services", "service")


def _deploying(world: World) -> bool:
    services = [one["service"] for one in inventory.render(world, "/services")]
    web = next(one["id"] for one in services if one["name"] == "cams-staging")
    statuses = [one["deploy"]["status"] for one in inventory.render(world, f"/services/{web}/deploys")]
    return len(statuses) > 1 and statuses[0] == "update_in_progress"


MOMENTS: dict[str, Callable[[World], bool]] = {
    "the KMS key exists": _key,
    "the Postgres exists": _postgres,
    "the access key exists": _access_key,
    "the image is pushed": _image,
    "the web service exists": _web,
    "the web service is being deployed": _deploying,
}


def test_an_up_killed_at_six_moments_is_finished_by_the_next(world: World) -> None:
    """Six runs are killed, each at a later moment; the seventh leaves no child, no orphan and no double."""
    for moment in MOMENTS.values():
        running = world.begin_up("staging")
        running.until(lambda moment=moment: moment(world))
        running.kill()
        wait_until(lambda running=running: not running.family(), GONE_SECONDS)

    finished = world.up("staging")
    again = world.pulumi("preview", "--stack", "staging", "--expect-no-changes", "--diff")

    assert finished.code == 0, finished.all
    assert again.code == 0, again.all
    assert inventory.pending(world, "staging") == []
    assert inventory.differences(world, "staging") == {}
