"""Everything that the two clouds hold, beside everything that the states name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tests.support.fault_world import World
from tests.support.world import Render, aws

RENDER = {
    "/postgres": ("postgres", ("Postgres",)),
    "/key-value": ("keyValue", ("KeyValue",)),
    "/env-groups": ("envGroup", ("EnvGroup",)),
    "/services": ("service", ("WebService", "BackgroundWorker", "CronJob", "StaticSite")),
    "/environments": ("environment", ("Environment",)),
}


def resources(world: World, *stacks: str) -> list[dict[str, Any]]:
    """Every custom resource that the states of these stacks name."""
    found = []
    for stack in stacks:
        said = world.pulumi("stack", "export", "--stack", stack)
        assert said.code == 0, said.all
        found += [one for one in json.loads(said.out)["deployment"].get("resources", []) if one.get("custom")]
    return found


def pending(world: World, stack: str) -> list[Any]:
    """The operations that the state calls unfinished."""
    state = json.loads(world.pulumi("stack", "export", "--stack", stack).out)["deployment"]
    operations: list[Any] = state.get("pending_operations", [])
    return operations


def differences(world: World) -> dict[str, tuple[list[str], list[str]]]:
    """For each kind: what the states do not name, and what the cloud does not hold. Empty when all is well.

    What is there but not in a state is an orphan or a duplicate; the account's own things are left out.
    """
    listed = json.loads(world.pulumi("stack", "ls", "--json").out)
    named = resources(world, *(one["name"] for one in listed))
    found = {}
    for kind, there, ours in [*_render(world, named), *_aws(world, named)]:
        extra, lost = sorted(set(there) - set(ours)), sorted(set(ours) - set(there))
        doubled = sorted({one for one in there if list(there).count(one) > 1})
        if extra or lost or doubled:
            found[kind] = ([*extra, *doubled], lost)
    return found


def names(world: World, path: str, envelope: str) -> list[str]:
    """The names of all Render resources of a kind."""
    return [one[envelope]["name"] for one in render(world, path)]


def render(world: World, path: str) -> list[dict[str, Any]]:
    """A list of Render's API, whole."""
    me = json.loads((world.root / ".local/identity.json").read_text())
    host = f"http://127.0.0.1:{world.port('render')}/v1"
    query = ""
    if path == "/environments":
        query = f"?projectId={render(world, '/projects')[0]['project']['id']}"
    elif path.count("/") == 1:
        query = f"?ownerId={me['render_owner_id']}"
    return Render({"RENDER_HOST": host, "RENDER_API_KEY": me["render_api_key"]}).all(path + query)


def client(world: World, service: str) -> Any:
    """A boto3 client of the local user."""
    me = json.loads((world.root / ".local/identity.json").read_text())
    endpoint = f"http://127.0.0.1:{world.port('aws')}"
    return aws(service, endpoint, (me["aws_access_key_id"], me["aws_secret_access_key"]))


Rows = Iterable[tuple[str, list[str], list[str]]]


def _ids(named: list[dict[str, Any]], *types: str) -> list[str]:
    return [one["id"] for one in named if one["type"] in types]


def _render(world: World, named: list[dict[str, Any]]) -> Rows:
    for path, (envelope, kinds) in RENDER.items():
        there = [one.get(envelope, one)["id"] for one in render(world, path)]
        ours = _ids(named, *(f"render:index:{kind}" for kind in kinds))
        if path == "/environments":  # the project was made with one for each stack
            ours += [one for one in there if one not in ours][: 3 - len(ours)]
        yield f"render {path}", there, ours
    yield (
        "render /registrycredentials",
        [one.get("registryCredential", one)["id"] for one in render(world, "/registrycredentials")],
        _ids(named, "render:index:RegistryCredential"),
    )


def _aws(world: World, named: list[dict[str, Any]]) -> Rows:
    kms, s3, iam = client(world, "kms"), client(world, "s3"), client(world, "iam")
    state_key = kms.describe_key(KeyId="alias/cams-state")["KeyMetadata"]["KeyId"]
    keys = [one["KeyId"] for one in kms.list_keys()["Keys"] if one["KeyId"] != state_key]
    yield "kms keys", [one for one in keys if _enabled(kms, one)], _ids(named, "aws:kms/key:Key")
    aliases = [one["AliasName"] for one in kms.list_aliases()["Aliases"]]
    yield (
        "kms aliases",
        [one for one in aliases if not one.startswith("alias/aws/")],
        [*_ids(named, "aws:kms/alias:Alias"), "alias/cams-state"],
    )
    buckets = [one["Name"] for one in s3.list_buckets()["Buckets"]]
    yield "buckets", buckets, [*_ids(named, "aws:s3/bucket:Bucket"), "cams-state-123456789012"]
    me = iam.get_user()["User"]["UserName"]
    users = [one["UserName"] for one in iam.list_users()["Users"] if one["UserName"] != me]
    yield "users", users, _ids(named, "aws:iam/user:User")
    held = [key["AccessKeyId"] for user in users for key in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]]
    yield "access keys", held, _ids(named, "aws:iam/accessKey:AccessKey")
    yield "roles", [one["RoleName"] for one in iam.list_roles()["Roles"]], _ids(named, "aws:iam/role:Role")
    repositories = client(world, "ecr").describe_repositories()["repositories"]
    yield (
        "repositories",
        [one["repositoryName"] for one in repositories],
        _ids(named, "aws:ecr/repository:Repository"),
    )
    secrets = client(world, "secretsmanager").list_secrets()["SecretList"]
    yield "secrets", [one["ARN"] for one in secrets], _ids(named, "aws:secretsmanager/secret:Secret")
    topics = client(world, "sns").list_topics()["Topics"]
    yield "topics", [one["TopicArn"] for one in topics], _ids(named, "aws:sns/topic:Topic")
    alarms = client(world, "cloudwatch").describe_alarms()["MetricAlarms"]
    yield "alarms", [one["AlarmName"] for one in alarms], _ids(named, "aws:cloudwatch/metricAlarm:MetricAlarm")


def _enabled(kms: Any, key: str) -> bool:
    return bool(kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled")
