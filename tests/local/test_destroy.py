"""`pulumi destroy` takes dev whole and nothing else; where data is kept it is refused before it has begun."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.world import AGAIN_UP, Environment, World, assert_nothing_to_do

RENDER = (
    ("/services", "service"), ("/postgres", "postgres"), ("/key-value", "keyValue"), ("/env-groups", None),
    ("/registrycredentials", None),
)  # fmt: skip
AWS = (
    ("s3", "list_buckets", "Buckets", "Name"), ("ecr", "describe_repositories", "repositories", "repositoryName"),
    ("iam", "list_roles", "Roles", "RoleName"), ("iam", "list_users", "Users", "UserName"),
    ("secretsmanager", "list_secrets", "SecretList", "Name"), ("sns", "list_topics", "Topics", "TopicArn"),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"), ("kms", "list_aliases", "Aliases", "AliasName"),
    ("ssm", "describe_parameters", "Parameters", "Name"),
)  # fmt: skip
KEPT = ("-release", "/audit")  # what outlives an environment: whose signature counts, and what was done to it


def everything(world: World) -> dict[str, list[str]]:
    """The names of all that is on both clouds, by kind."""
    found = {path: sorted(one["name"] for one in world.render.all(path, envelope)) for path, envelope in RENDER}
    project = world.render.named("/projects", "cams", "project")
    environments = world.render.all(f"/environments?projectId={project['id']}", "environment")
    found["/environments"] = sorted(one["name"] for one in environments)
    for service, call, key, field in AWS:
        listed: list[dict[str, Any]] = getattr(world.aws(service), call)()[key]
        found[f"{service} {key}"] = sorted(one[field] for one in listed if not one[field].endswith(KEPT))
    kms = world.aws("kms")
    keys = [kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in kms.list_keys()["Keys"]]
    found["kms keys"] = sorted(key["KeyId"] for key in keys if key["KeyState"] == "Enabled" and key["Description"])
    return found


def of(name: str, found: dict[str, list[str]]) -> dict[str, list[str]]:
    """What of that belongs to one environment."""
    parts = (f"cams-{name}", f"/cams/{name}/")
    return {
        kind: mine
        for kind, names in found.items()
        if (mine := [one for one in names if one == name or any(part in one for part in parts)])
    }


def test_destroy_takes_dev_whole_and_leaves_the_others(world: World, environments: dict[str, Environment]) -> None:
    """Nothing of dev is left on either cloud or running here; staging and prod are as they were; dev comes back."""
    services = {one["id"] for one in world.render.all("/services", "service") if one["name"].startswith("cams-dev")}
    before = everything(world)
    mine = of("dev", before)
    assert len(services) == 7
    assert {kind: len(names) for kind, names in mine.items()} == {
        "/services": 7, "/postgres": 1, "/key-value": 1, "/env-groups": 1, "/environments": 1, "s3 Buckets": 3,
        "ecr repositories": 1, "iam Roles": 4, "secretsmanager SecretList": 2, "sns Topics": 1,
        "cloudwatch MetricAlarms": 3, "kms Aliases": 1,
    }  # fmt: skip

    world.gone("dev")
    world.bare("pulumi destroy --stack dev --yes")

    after = everything(world)
    assert of("dev", after) == {}
    assert len(after.pop("kms keys")) == len(before.pop("kms keys")) - 1
    assert after == {kind: [one for one in names if one not in mine.get(kind, [])] for kind, names in before.items()}
    assert [process for process in world.left_running() if any(one in process for one in services)] == []
    state = json.loads(world.pulumi("stack", "export", "--stack", "dev").stdout)
    assert not state["deployment"].get("resources")
    for name in ("staging", "prod"):
        assert environments[name].health()["status"] == "ok"
    assert_nothing_to_do(environments["staging"])

    world.bare("pulumi preview --stack dev --save-plan .local/dev.plan")
    world.bare("pulumi up --stack dev --plan .local/dev.plan --yes")
    world.checkout.shell(AGAIN_UP, check=True)

    fresh = world.have("dev")
    assert fresh.health()["status"] == "ok"
    assert fresh.database.titles() == []
    assert_nothing_to_do(fresh)


@pytest.mark.parametrize(
    ("name", "flags"), [("staging", " --skip-preview"), ("prod", ""), ("prod", " --skip-preview")]
)
def test_destroy_is_refused_where_data_is_kept(
    world: World, environments: dict[str, Environment], name: str, flags: str
) -> None:
    """`pulumi destroy` fails by protection with nothing deleted: not a resource, not a release, not a row."""
    environment = environments[name]
    before, state = everything(world), environment.export()
    version = environment.health()["version"]

    refused = world.bare(f"pulumi destroy --stack {name} --yes{flags}", check=False)

    assert refused.returncode != 0
    assert "protect" in refused.output
    assert " deleted (" not in refused.stdout
    assert everything(world) == before
    kept = [one["urn"] for one in json.loads(environment.export())["deployment"]["resources"]]
    assert kept == [one["urn"] for one in json.loads(state)["deployment"]["resources"]]
    assert environment.health()["version"] == version
    assert_nothing_to_do(environment)
