"""What was changed behind Pulumi's back is shown by a refresh and repaired by the next `up`; secrets stay hidden."""

from __future__ import annotations

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from tests.support.world import ENVIRONMENTS, SECRET, Environment, World, assert_nothing_to_do

KNOWN = ("arn:", "sha256:", "https://", "age1")  # the last is whom backups are sealed for: public


def tags(world: World, bucket: str) -> dict[str, str]:
    """A bucket's tags."""
    return {tag["Key"]: tag["Value"] for tag in world.aws("s3").get_bucket_tagging(Bucket=bucket)["TagSet"]}


def plan(world: World, service: str) -> str:
    """A service's plan."""
    return str(world.render.service(service)["serviceDetails"]["plan"])


def test_refresh_shows_drift_and_up_repairs_it(world: World, staging: Environment) -> None:
    """A plan changed by Render's API and a tag changed by boto3 are seen, told, and put back."""
    bucket, web = staging.outputs["media_bucket"], world.render.service("cams-staging")
    proper = tags(world, bucket)
    assert plan(world, "cams-staging") == "starter"
    world.render.call("PATCH", f"/services/{web['id']}", {"serviceDetails": {"plan": "standard"}})
    strange = [{"Key": name, "Value": value} for name, value in (proper | {"Project": "a stranger"}).items()]
    world.aws("s3").put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": strange})

    refresh = world.bare("pulumi refresh --stack staging --yes")
    shown = world.pulumi("preview", "--stack", "staging", "--diff").stdout
    fails = world.bare("pulumi preview --stack staging --expect-no-changes", check=False)

    assert "render:index:WebService web updated" in refresh.stdout
    assert "[diff: ~plan]" in refresh.stdout
    assert "aws:s3:Bucket media updated" in refresh.stdout
    assert "~ 2 updated" in refresh.stdout
    assert '~ plan: "standard" => "starter"' in shown
    assert '"a stranger" => "cams"' in shown
    assert fails.returncode != 0

    world.slipway_up("staging")

    assert plan(world, "cams-staging") == "starter"
    assert tags(world, bucket) == proper
    assert_nothing_to_do(staging)
    again = world.pulumi("refresh", "--stack", "staging", "--yes")
    assert "updated" not in again.stdout


@pytest.fixture
def canaries(world: World, staging: Environment) -> Iterator[tuple[list[str], str]]:
    """Values that only this test knows: two in variables that the program declares, one in one of a stranger's."""
    declared = [f"canary-declared-{secrets.token_hex(16)}" for _ in range(2)]
    strange = f"canary-strange-{secrets.token_hex(16)}"
    group, web = world.render.named("/env-groups", "cams-staging"), world.render.service("cams-staging")
    of_group, of_web = f"/env-groups/{group['id']}/env-vars", f"/services/{web['id']}/env-vars"
    world.render.call("PUT", f"{of_group}/DJANGO_SECRET_KEY", {"value": declared[0]})
    world.render.call("PUT", f"{of_web}/AWS_ROLE_ARN", {"value": declared[1]})
    world.render.call("PUT", f"{of_web}/A_STRANGERS_TOKEN", {"value": strange})
    yield declared, strange
    world.render.call("DELETE", f"{of_web}/A_STRANGERS_TOKEN")
    world.slipway_up("staging")
    told = json.dumps([world.render.call("GET", f"/env-groups/{group['id']}"), world.render.call("GET", of_web)])
    assert not any(canary in told for canary in (*declared, strange))


def test_canaries_are_secret_wherever_they_were_planted(
    world: World, staging: Environment, canaries: tuple[list[str], str]
) -> None:
    """A secret that a refresh brings into the state is encrypted there, and no command prints it."""
    declared, strange = canaries

    refresh = world.pulumi("refresh", "--stack", "staging", "--yes", "--diff")
    preview = world.pulumi("preview", "--stack", "staging", "--diff")

    known = staging.export(show_secrets=True)
    assert all(canary in known for canary in declared)  # else nothing was proven
    said = [staging.export(), refresh.stdout, refresh.stderr, preview.stdout, preview.stderr]
    for canary in (*declared, strange):
        assert not any(canary in text for text in said)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_state_holds_no_plain_secret(world: World, environments: dict[str, Environment], name: str) -> None:
    """Each generated value, connection string and key is looked for in the export, the outputs and what `up` said."""
    environment = environments[name]
    hidden = known_secrets(world, environment)

    first = world.first_up[name]
    outputs = world.checkout.run("./slipway", "outputs", name, check=True)
    said = {
        "export": environment.export(),
        "outputs": outputs.output,
        "up": first.output,
    }

    assert len(hidden) >= 9
    for where, text in said.items():
        found = [what for what, value in hidden.items() if any(form in text for form in forms(value))]
        assert found == [], f"plain in {where}"


def known_secrets(world: World, environment: Environment) -> dict[str, str]:
    """What has to be hidden, by where the clouds' own APIs, and the state once decrypted, tell it."""
    name, render = environment.name, world.render
    database = render.named("/postgres", f"cams-{name}-db", "postgres")
    connection = render.call("GET", f"/postgres/{database['id']}/connection-info")
    store = render.named("/key-value", f"cams-{name}-cache", "keyValue")
    stored = json.loads(world.aws("secretsmanager").get_secret_value(SecretId=f"cams-{name}/app")["SecretString"])
    [login] = world.aws("ecr").get_authorization_token()["authorizationData"]
    found = {
        "database password": connection["password"],
        "internal address": connection["internalConnectionString"],
        "external address": connection["externalConnectionString"],
        "command": connection["psqlCommand"],
        "cache address": render.call("GET", f"/key-value/{store['id']}/connection-info")["internalConnectionString"],
        "registry token": b64decode(login["authorizationToken"]).decode().partition(":")[2],
        "Render's key": world.variables["RENDER_API_KEY"],
        "AWS' key": world.variables["AWS_SECRET_ACCESS_KEY"],
        "passphrase": world.variables["PULUMI_CONFIG_PASSPHRASE"],
        **{f"secret {variable}": value for variable, value in stored.items()},
    }
    assert urlsplit(found["internal address"]).password == found["database password"]
    for resource in environment.resources():
        for place, value in marked(resource, resource["urn"].rpartition("::")[2]):
            found.setdefault(place, value)
    return found


def marked(value: Any, place: str, *, inside: bool = False) -> Iterator[tuple[str, str]]:
    """The texts within what Pulumi has marked as secret that look like one: a region may be said elsewhere."""
    if isinstance(value, dict) and value.get(SECRET):
        yield from marked(json.loads(value["plaintext"]), place, inside=True)
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from marked(inner, f"{place}.{key}", inside=inside)
    elif inside and isinstance(value, str) and len(value) >= 32 and not value.startswith(KNOWN):
        yield place, value


def forms(value: str) -> set[str]:
    """A value as it might be written."""
    return {value, quote(value, safe=""), b64encode(value.encode()).decode().rstrip("="), json.dumps(value)[1:-1]}
