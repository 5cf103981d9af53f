"""Three environments at once share nothing: what the clouds themselves say is compared, not what we declared."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tests.support.world import ENVIRONMENTS, Environment, World

Things = set[str]


def databases(world: World, name: str) -> Things:
    """Id, address, user and password of the database."""
    found = world.render.named("/postgres", f"cams-{name}-db", "postgres")
    connection = world.render.call("GET", f"/postgres/{found['id']}/connection-info")
    address = connection["internalConnectionString"].partition("@")[2]
    return {found["id"], found["databaseName"], found["databaseUser"], connection["password"], address}


def caches(world: World, name: str) -> Things:
    """Id and address of the key-value store."""
    found = world.render.named("/key-value", f"cams-{name}-cache", "keyValue")
    connection = world.render.call("GET", f"/key-value/{found['id']}/connection-info")
    return {found["id"], connection["internalConnectionString"]}


def services(world: World, name: str) -> Things:
    """Ids and slugs of what runs, and the Render environment that holds it."""
    project = world.render.named("/projects", "cams", "project")
    path = f"/environments?projectId={project['id']}"
    environment = world.render.named(path, name, "environment")
    assert len(environment["serviceIds"]) == 7
    mine = [one for one in world.render.all("/services", "service") if one["id"] in environment["serviceIds"]]
    return {environment["id"], *(one["id"] for one in mine), *(one["slug"] for one in mine)}


def keys(world: World, name: str) -> Things:
    """The KMS key behind the environment's alias."""
    return {
        world.aws("kms").describe_key(KeyId=f"alias/cams-{name}")["KeyMetadata"]["Arn"],
    }


def buckets(world: World, name: str) -> Things:
    """The environment's buckets."""
    every = [bucket["Name"] for bucket in world.aws("s3").list_buckets()["Buckets"]]
    mine = {bucket for bucket in every if bucket.startswith(f"cams-{name}-")}
    assert len(mine) == 3
    return mine


def bucket_keys(world: World, name: str) -> Things:
    """The key that its buckets are encrypted with; the log bucket has S3's own, since S3 delivers with no other."""
    found = []
    for bucket in buckets(world, name):
        [rule] = world.aws("s3").get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
        found.append(rule["ApplyServerSideEncryptionByDefault"].get("KMSMasterKeyID", ""))
    [key] = keys(world, name)
    assert sorted(found) == ["", key, key]
    return {key}


def registries(world: World, name: str) -> Things:
    """The image repository."""
    [found] = world.aws("ecr").describe_repositories(repositoryNames=[f"cams-{name}"])["repositories"]
    return {found["repositoryArn"], found["repositoryUri"], found["encryptionConfiguration"]["kmsKey"]}


def roles(world: World, name: str) -> Things:
    """The roles."""
    every = [role["Arn"] for role in world.aws("iam").list_roles()["Roles"]]
    mine = {arn for arn in every if f":role/cams-{name}-" in arn}
    assert len(mine) == 4
    return mine


def secret_values(world: World, name: str) -> Things:
    """What Secrets Manager keeps, which is what the env group passes on."""
    stored = world.aws("secretsmanager").get_secret_value(SecretId=f"cams-{name}/app")["SecretString"]
    values: dict[str, str] = json.loads(stored)
    assert sorted(values) == ["DJANGO_SECRET_KEY", "JWT_SECRETS"]
    group = world.render.named("/env-groups", f"cams-{name}")
    told = {one["key"]: one["value"] for one in world.render.call("GET", f"/env-groups/{group['id']}")["envVars"]}
    assert {variable: told[variable] for variable in values} == values
    assert min(map(len, values.values())) == 64
    return set(values.values())


KINDS: tuple[tuple[Callable[[World, str], Things], int], ...] = (
    (databases, 5), (caches, 2), (services, 15), (keys, 1), (buckets, 3), (bucket_keys, 1),
    (registries, 3), (roles, 4), (secret_values, 2),
)  # fmt: skip


@pytest.mark.parametrize(("things", "count"), KINDS, ids=[things.__name__ for things, _ in KINDS])
def test_environments_share_nothing(
    world: World, environments: dict[str, Environment], things: Callable[[World, str], Things], count: int
) -> None:
    """Each environment has as many of each kind as it should, and each is its own."""
    found = {name: things(world, name) for name in environments}

    assert {name: len(mine) for name, mine in found.items()} == dict.fromkeys(ENVIRONMENTS, count)
    for one, other in itertools.combinations(ENVIRONMENTS, 2):
        assert found[one] & found[other] == set()


def test_no_resource_is_in_two_stacks(environments: dict[str, Environment]) -> None:
    """Every physical id in the three states belongs to one of them."""
    found: dict[str, set[tuple[str, str]]] = {}
    for name, environment in environments.items():
        mine = [one for one in environment.resources() if one["custom"] and one.get("id") not in (None, "none")]
        found[name] = {(one["type"], one["id"]) for one in mine}

    assert min(map(len, found.values())) >= 51  # dev's, which has the fewest
    for one, other in itertools.combinations(ENVIRONMENTS, 2):
        assert found[one] & found[other] == set()


@pytest.mark.parametrize(("who", "where"), list(itertools.permutations(ENVIRONMENTS, 2)))
def test_a_user_cannot_connect_to_anothers_database(
    environments: dict[str, Environment], who: str, where: str
) -> None:
    """PostgreSQL itself refuses one environment's user at another's database."""
    parts: dict[str, Any] = psycopg.conninfo.conninfo_to_dict(environments[who].outputs["database_url"])
    other = psycopg.conninfo.conninfo_to_dict(environments[where].outputs["database_url"])

    with pytest.raises(psycopg.OperationalError, match=r"permission denied for database|no pg_hba.conf entry"):
        psycopg.connect(**parts | {"host": other["host"], "port": other["port"], "dbname": other["dbname"]})
