"""What the pipeline does in each environment: `pulumi up` by its role *deploy*, after an administrator's first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.support.checkout import Done
from tests.support.clouds import REGION
from tests.support.world import ENVIRONMENTS, Environment, World

UNSIGNED_ONCE = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})
BY_PATH = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
BRANCHES = {"dev": "develop", "staging": "staging", "prod": "main"}
LISTS = ("RoleDetailList", "UserDetailList", "GroupDetailList", "Policies")
DEPLOY = "render:index:Deploy"


class Pipeline:
    """A workflow's job of one environment: its token, and with it the session that every later step runs in."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.name = world, name
        job = ("--environment", name, "--ref", f"refs/heads/{BRANCHES[name]}")
        token = world.local("token", "github", "--repository", "example@6154722/cams@1029384756", *job, check=True)
        sts = boto3.client(
            "sts", endpoint_url=world.variables["AWS_ENDPOINT_URL"], region_name=REGION, config=UNSIGNED_ONCE
        )
        keys = sts.assume_role_with_web_identity(
            RoleArn=f"arn:aws:iam::123456789012:role/cams-{name}-deploy",
            RoleSessionName="GitHubActions",
            WebIdentityToken=token.stdout.strip(),
        )["Credentials"]
        self.environment = world.variables | {
            "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            "AWS_SESSION_TOKEN": keys["SessionToken"],
        }

    def pulumi(self, command: str, stack: str, *options: str, check: bool = True) -> Done:
        """The bare tool, asking nothing."""
        words = ("pulumi", command, "--stack", stack, "--yes", "--skip-preview", "--non-interactive", *options)
        return self.world.checkout.run(*words, environment=self.environment, check=check)

    def slipway(self, *words: str, check: bool = True) -> Done:
        """A command, in a job of the environment's branch."""
        job = {"GITHUB_ACTIONS": "true", "GITHUB_REF": f"refs/heads/{BRANCHES[self.name]}"}
        return self.world.checkout.run("./slipway", *words, environment=self.environment | job, check=check)

    def slipway_up(self) -> Done:
        """The command, in the job's environment."""
        return self.world.checkout.run("./slipway", "up", self.name, environment=self.environment)


def identities(world: World) -> dict[str, list[dict[str, Any]]]:
    """Every role, user, group and policy of the account, with all documents; not when a role was used."""
    pages = world.aws("iam").get_paginator("get_account_authorization_details").paginate()
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in LISTS}
    for page in pages:
        for kind in LISTS:
            found[kind] += [{key: one[key] for key in one if key != "RoleLastUsed"} for one in page[kind]]
    return found


def kept(environment: Environment) -> dict[str, Any]:
    """What the state holds of each resource, and what it holds half-made."""
    state = json.loads(environment.export(show_secrets=True))["deployment"]
    found = {
        # What a deploy puts out is read anew by each run: it tells what is live.
        one["urn"]: [one.get("id"), one.get("inputs"), None if one["type"] == DEPLOY else one.get("outputs")]
        for one in state["resources"]
        if one["custom"]
    }
    return {**found, "half made": state.get("pending_operations", [])}


@pytest.fixture
def unchanged(world: World, environments: dict[str, Environment]) -> Iterator[dict[str, Environment]]:
    """All three, and whatever is done to them changes no identity."""
    before = identities(world)
    yield environments
    assert identities(world) == before


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_role_finds_nothing_to_do(world: World, unchanged: dict[str, Environment], name: str) -> None:
    """After the administrator's `up`: neither to do nor to take over."""
    pipeline = Pipeline(world, name)

    pipeline.pulumi("up", name, "--expect-no-changes")
    pipeline.pulumi("refresh", name, "--expect-no-changes")


def test_the_role_keeps_a_plan_and_carries_it_out_once(world: World, unchanged: dict[str, Environment]) -> None:
    """Beside the state of its own environment; another one's role puts none there."""
    pipeline = Pipeline(world, "staging")
    place = {"Bucket": "cams-state-123456789012", "Prefix": ".pulumi/plans/cams/staging/"}

    told = pipeline.slipway("preview", "staging", "--keep")
    (key,) = [one["Key"] for one in world.aws("s3").list_objects_v2(**place)["Contents"]]
    carried_out = pipeline.slipway("up", "staging", "--kept")

    assert f"kept at s3://{place['Bucket']}/{key};" in told.stderr
    assert "slipway: doing what was planned for the tree " in carried_out.stderr
    assert "Contents" not in world.aws("s3").list_objects_v2(**place)
    given = Pipeline(world, "dev").environment
    keys = {name: given[name.upper()] for name in ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")}
    dev = boto3.Session(**keys, region_name=REGION).client(
        "s3", endpoint_url=given["AWS_ENDPOINT_URL"], config=BY_PATH
    )
    with pytest.raises(ClientError, match="AccessDenied"):
        dev.put_object(Bucket=place["Bucket"], Key=key, Body=b"{}")


def test_the_role_brings_a_release(world: World, unchanged: dict[str, Environment]) -> None:
    """A changed application and a changed variable: built, pushed, deployed; and the way back."""
    staging, pipeline = unchanged["staging"], Pipeline(world, "staging")
    before = staging.image()

    with (
        world.checkout.spoilt("app/start.py", ("import logging", "import logging  # another release")),
        world.checkout.spoilt(
            "Pulumi.staging.yaml", ("  cams:web:", "  cams:variables: {LOG_LEVEL: DEBUG}\n  cams:web:")
        ),
    ):
        pipeline.pulumi("up", "staging")
        after = staging.image()
        answer = staging.health()
    pipeline.pulumi("up", "staging")

    assert after != before
    assert answer["version"] == after.partition("@")[2]
    assert staging.image() == before


@pytest.fixture
def releases(world: World, unchanged: dict[str, Environment]) -> Iterator[Any]:
    """The records; afterwards there are none, and what runs is built from the checkout."""
    ssm = world.aws("ssm")
    yield ssm
    ssm.delete_parameters(Names=["/cams/staging/release", "/cams/prod/release"])
    world.slipway_up("staging")
    world.slipway_up("prod")


def test_the_role_builds_and_the_next_one_promotes_the_same_bytes(
    world: World, unchanged: dict[str, Environment], releases: Any
) -> None:
    """Signed and run by staging's role, then verified and run by prod's; a record of another tree stops `up`."""
    staging, prod = Pipeline(world, "staging"), Pipeline(world, "prod")

    built = json.loads(staging.slipway("release", "build", "staging", "--json").stdout)
    too_early = prod.slipway("release", "promote", "prod", check=False)
    staging.slipway("up", "staging")
    promoted = json.loads(prod.slipway("release", "promote", "prod", "--json").stdout)

    assert too_early.returncode == 3
    assert "of `main` has not passed the gate of staging: " in too_early.stderr
    assert (promoted["digest"], promoted["provenance"]) == (built["digest"], built["provenance"])
    assert (promoted["event"], promoted["from"]) == ("promoted", "staging")
    assert unchanged["prod"].image() == f"{unchanged['prod'].outputs['registry']}@{built['digest']}"
    assert unchanged["prod"].health()["version"] == built["digest"]

    unsigned = {"digest": built["digest"], "tree": "01" * 20}
    releases.put_parameter(Name="/cams/prod/release", Type="String", Overwrite=True, Value=json.dumps(unsigned))
    refused = prod.slipway("up", "prod", check=False)

    assert refused.returncode == 3
    assert f"refused: {built['digest']} in prod is not verified: rule tree: " in refused.stderr


@pytest.mark.parametrize("other", ["dev", "prod"])
def test_the_role_is_of_one_environment(world: World, unchanged: dict[str, Environment], other: str) -> None:
    """Another one's is refused before anything is declared."""
    before = kept(unchanged[other])

    done = Pipeline(world, "staging").pulumi("up", other, check=False)

    assert done.returncode != 0
    assert (
        "assumed-role/cams-staging-deploy/GitHubActions is not authorized to perform: ssm:GetParametersByPath"
        in done.output
    )
    assert kept(unchanged[other]) == before


@pytest.mark.parametrize(
    ("file", "change", "action"),
    [
        (
            "infra/permissions.py",
            ('allow("ListMedia", ["s3:ListBucket", "s3:GetBucketLocation"]', 'allow("ListMedia", ["s3:ListBucket"]'),
            "iam:PutRolePolicy on resource: arn:aws:iam::123456789012:role/cams-dev-media",
        ),
        (
            "Pulumi.dev.yaml",
            # The jobs are told how long daily ones are kept; a service that is told a thing and told it back was
            # deployed twice, and the state says so.
            ("    weekly: 2", "    weekly: 3"),
            "s3:PutLifecycleConfiguration on resource: arn:aws:s3:::cams-dev-backups-123456789012",
        ),
    ],
    ids=["identity", "retention"],
)
def test_a_person_applies_what_the_role_may_not(
    world: World, unchanged: dict[str, Environment], file: str, change: tuple[str, str], action: str
) -> None:
    """AWS refuses, the command says who may, nothing is half-made; after the person's run the role finds nothing."""
    dev, pipeline = unchanged["dev"], Pipeline(world, "dev")
    world.slipway_up("dev")  # a refresh leaves another state than a run does
    before, known = kept(dev), identities(world)

    with world.checkout.spoilt(file, change):
        refused = pipeline.slipway_up()
        between, still_known = kept(dev), identities(world)
        world.slipway_up("dev")
        pipeline.pulumi("up", "dev", "--expect-no-changes")
    world.slipway_up("dev")

    assert refused.returncode == 1
    words = f"assumed-role/cams-dev-deploy/GitHubActions is not authorized to perform: {action}"
    assert f"AccessDenied: User: arn:aws:sts::123456789012:{words}" in refused.output
    assert "a person applies it: ./slipway up dev, with their own credentials (docs/adr/0004)" in refused.output
    assert between == before
    assert still_known == known
    assert kept(dev) == before
