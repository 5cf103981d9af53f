"""What somebody deleted at Render is back after one `./slipway up`; data are given up only by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.support.world import Environment, World, assert_nothing_to_do


def path(world: World, kind: str) -> str:
    """What to delete, as Render's API names it."""
    render = world.render
    group = render.named("/env-groups", "cams-staging")["id"]
    found: dict[str, Callable[[], str]] = {
        "service": lambda: f"/services/{render.service('cams-staging')['id']}",
        "worker": lambda: f"/services/{render.service('cams-staging-worker')['id']}",
        "cron job": lambda: f"/services/{render.service('cams-staging-clearsessions')['id']}",
        "env group": lambda: f"/env-groups/{group}",
        "link": lambda: f"/env-groups/{group}/services/{render.service('cams-staging')['id']}",
        "credential": lambda: (
            f"/registrycredentials/{render.named('/registrycredentials', 'cams-staging-ecr')['id']}"
        ),
        "database": lambda: f"/postgres/{render.named('/postgres', 'cams-staging-db', 'postgres')['id']}",
    }
    return found[kind]()


def health(world: World) -> dict[str, Any]:
    """What the public address answers now; a service that was made anew may have another."""
    url = world.checkout.run("./slipway", "outputs", "staging", "url", check=True).stdout.strip()
    answer = requests.get(f"{url}/api/health/", timeout=30)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("kind", ["service", "env group", "link", "credential", "worker", "cron job"])
def test_what_was_deleted_by_hand_is_back_after_one_up(world: World, staging: Environment, kind: str) -> None:
    """With its links, its deploy and whatever else names it; the next preview is empty."""
    world.render.call("DELETE", path(world, kind))

    told = world.slipway_up("staging").stderr

    assert "is gone at Render: making it anew" in told
    assert health(world)["status"] == "ok"
    linked = world.render.named("/env-groups", "cams-staging")["serviceLinks"]
    assert sorted(link["name"] for link in linked) == [
        "cams-staging",
        "cams-staging-clearsessions",
        "cams-staging-worker",
    ]
    assert_nothing_to_do(staging)


def test_a_deleted_database_is_refused_until_its_data_are_given_up(world: World, staging: Environment) -> None:
    """Exit code 3 and what is lost, also with --refresh; then by name a new one, and everything runs on it."""
    lost = world.render.named("/postgres", "cams-staging-db", "postgres")["id"]
    world.render.call("DELETE", f"/postgres/{lost}")
    run = world.checkout.run

    refused = [run("./slipway", "up", "staging"), run("./slipway", "up", "staging", "--refresh")]
    bare = world.pulumi("up", "--stack", "staging", "--yes", "--refresh", check=False)
    wrong = run("./slipway", "up", "staging", "--recreate", "cams-prod-db")
    made_meanwhile = world.render.all("/postgres?name=cams-staging-db", "postgres")
    run("./slipway", "up", "staging", "--recreate", "cams-staging-db", check=True)

    for one in refused:
        assert one.returncode == 3
        assert f"the database cams-staging-db ({lost}), and with it all its data" in one.stderr
        assert one.stderr.endswith("./slipway up staging --recreate cams-staging-db\n")
    assert bare.returncode != 0
    assert f"cams-staging-db ({lost}) is gone at Render" in bare.stdout
    assert (wrong.returncode, made_meanwhile) == (2, [])
    assert health(world)["status"] == "ok"
    assert world.render.named("/postgres", "cams-staging-db", "postgres")["id"] != lost
    assert_nothing_to_do(staging)


def test_what_holds_data_at_aws_is_not_forgotten_by_a_refresh(world: World, staging: Environment) -> None:
    """A bucket comes back, empty, by name; a key on its way out is saved, and stays the one that it was."""
    bucket, kms = "cams-staging-media-123456789012", world.aws("kms")
    key = kms.describe_key(KeyId="alias/cams-staging")["KeyMetadata"]["KeyId"]
    world.aws("s3").delete_bucket(Bucket=bucket)
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    run = world.checkout.run

    both = run("./slipway", "up", "staging", "--refresh")
    kms.cancel_key_deletion(KeyId=key)
    kms.enable_key(KeyId=key)
    one = run("./slipway", "up", "staging", "--refresh")
    run("./slipway", "up", "staging", "--recreate", bucket, check=True)

    assert (both.returncode, one.returncode) == (3, 3)
    assert f"the KMS key {key} will be on " in both.stderr
    assert f"aws kms cancel-key-deletion --region eu-central-1 --key-id {key} && aws kms enable-key" in both.stderr
    assert one.stderr.endswith(f"./slipway up staging --recreate {bucket}\n")
    assert kms.describe_key(KeyId="alias/cams-staging")["KeyMetadata"]["KeyId"] == key
    world.aws("s3").head_bucket(Bucket=bucket)
    assert_nothing_to_do(staging)
