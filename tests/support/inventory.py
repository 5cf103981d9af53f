"""Everything that the two clouds hold, beside everything that the states name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tests.support.world import ENVIRONMENTS, World

RENDER = {
    "/postgres": ("postgres", ("Postgres",)),
    "/key-value": ("keyValue", ("KeyValue",)),
    "/env-groups": ("envGroup", ("EnvGroup",)),
    "/services": ("service", ("WebService", "BackgroundWorker", "CronJob", "StaticSite")),
    "/environments": ("environment", ("Environment",)),
}
# The account's own, which no stack has: of the states, and of those who sign releases.
OWN_KEYS = ("alias/cams-state", *(f"alias/cams-{one}-release" for one in ENVIRONMENTS))


def resources(world: World, *stacks: str) -> list[dict[str, Any]]:
    """Every custom resource that the states of these stacks name."""
    found = []
    for stack in stacks:
        said = world.pulumi("stack", "export", "--stack", stack)
        found += [one for one in json.loads(said.stdout)["deployment"].get("resources", []) if one.get("custom")]
    return found


def pending(world: World, stack: str) -> list[Any]:
    """The operations that the state calls unfinished."""
    state = json.loads(world.pulumi("stack", "export", "--stack", stack).stdout)["deployment"]
    operations: list[Any] = state.get("pending_operations", [])
    return operations


def differences(world: World) -> dict[str, tuple[list[str], list[str]]]:
    """For each kind: what the states do not name, and what the cloud does not hold. Empty when all is well.

    What is there but not in a state is an orphan or a duplicate; the account's own things are left out.
    """
    listed = json.loads(world.pulumi("stack", "ls", "--json").stdout)
    named = resources(world, *(one["name"] for one in listed))
    found = {}
    for kind, there, ours in [*_render(world, named), *_aws(world, named)]:
        extra, lost = sorted(set(there) - set(ours)), sorted(set(ours) - set(there))
        doubled = sorted({one for one in there if list(there).count(one) > 1})
        if extra or lost or doubled:
            found[kind] = ([*extra, *doubled], lost)
    return found


Rows = Iterable[tuple[str, list[str], list[str]]]


def _ids(named: list[dict[str, Any]], *types: str) -> list[str]:
    return [one["id"] for one in named if one["type"] in types]


def _render(world: World, named: list[dict[str, Any]]) -> Rows:
    for path, (envelope, kinds) in RENDER.items():
        there = [one.get(envelope, one)["id"] for one in world.render.all(_whole(world, path))]
        ours = _ids(named, *(f"render:index:{kind}" for kind in kinds))
        if path == "/environments":  # the project was made with one for each stack
            ours += [one for one in there if one not in ours][: 3 - len(ours)]
        yield f"render {path}", there, ours
    yield (
        "render /registrycredentials",
        [one.get("registryCredential", one)["id"] for one in world.render.all("/registrycredentials")],
        _ids(named, "render:index:RegistryCredential"),
    )


def _whole(world: World, path: str) -> str:
    """Environments are listed by project."""
    if path != "/environments":
        return path
    return f"{path}?projectId={world.render.all('/projects', 'project')[0]['id']}"


def _aws(world: World, named: list[dict[str, Any]]) -> Rows:
    kms, s3, iam = world.aws("kms"), world.aws("s3"), world.aws("iam")
    listed = kms.list_aliases()["Aliases"]
    own = [one["TargetKeyId"] for one in listed if one["AliasName"] in OWN_KEYS]
    keys = [one["KeyId"] for one in kms.list_keys()["Keys"] if one["KeyId"] not in own]
    yield "kms keys", [one for one in keys if _enabled(kms, one)], _ids(named, "aws:kms/key:Key")
    aliases = [one["AliasName"] for one in listed]
    yield (
        "kms aliases",
        [one for one in aliases if not one.startswith("alias/aws/")],
        [*_ids(named, "aws:kms/alias:Alias"), *OWN_KEYS],
    )
    buckets = [one["Name"] for one in s3.list_buckets()["Buckets"]]
    yield "buckets", buckets, [*_ids(named, "aws:s3/bucket:Bucket"), "cams-state-123456789012"]
    me = iam.get_user()["User"]["UserName"]
    users = [one["UserName"] for one in iam.list_users()["Users"] if one["UserName"] != me]
    yield "users", users, _ids(named, "aws:iam/user:User")
    held = [key["AccessKeyId"] for user in users for key in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]]
    yield "access keys", held, _ids(named, "aws:iam/accessKey:AccessKey")
    yield "roles", [one["RoleName"] for one in iam.list_roles()["Roles"]], _ids(named, "aws:iam/role:Role")
    repositories = world.aws("ecr").describe_repositories()["repositories"]
    yield (
        "repositories",
        [one["repositoryName"] for one in repositories],
        _ids(named, "aws:ecr/repository:Repository"),
    )
    secrets = world.aws("secretsmanager").list_secrets()["SecretList"]
    yield "secrets", [one["ARN"] for one in secrets], _ids(named, "aws:secretsmanager/secret:Secret")
    topics = world.aws("sns").list_topics()["Topics"]
    yield "topics", [one["TopicArn"] for one in topics], _ids(named, "aws:sns/topic:Topic")
    alarms = world.aws("cloudwatch").describe_alarms()["MetricAlarms"]
    yield "alarms", [one["AlarmName"] for one in alarms], _ids(named, "aws:cloudwatch/metricAlarm:MetricAlarm")


def _enabled(kms: Any, key: str) -> bool:
    return bool(kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled")
