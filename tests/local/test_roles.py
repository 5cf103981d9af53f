"""What runs takes its role in AWS with the token that Render gives it, and nobody else's role."""

from __future__ import annotations

import uuid
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.support.clouds import REGION
from tests.support.waiting import eventually
from tests.support.world import Environment, World

UNSIGNED_ONCE = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})
BY_PATH_ONCE = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
MEDIA = "cams-{}-media-123456789012"


def token_and_role(world: World, service: str) -> tuple[str, str]:
    """What a process of a service finds in its environment."""
    mark = uuid.uuid4().hex
    of = world.render.service(service)["id"]
    command = f'echo "{mark} $(cat "$AWS_WEB_IDENTITY_TOKEN_FILE") $AWS_ROLE_ARN"'
    world.render.call("POST", f"/services/{of}/jobs", {"startCommand": command})
    query = f"ownerId={world.variables['RENDER_OWNER_ID']}&resource={of}&limit=50"

    def told() -> list[str]:
        lines = [line["message"] for line in world.render.call("GET", f"/logs?{query}")["logs"]]
        return [line for line in lines if line.startswith(mark)]

    [line] = eventually(told, "the job has said what it finds", 30)
    _, token, role = line.split()
    return token, role


def take(world: World, role: str, token: str) -> dict[str, str]:
    """The role's credentials; unsigned, as every SDK asks for them."""
    sts = client(world, "sts", config=UNSIGNED_ONCE)
    answer = sts.assume_role_with_web_identity(RoleArn=role, RoleSessionName="test", WebIdentityToken=token)
    found: dict[str, str] = answer["Credentials"]
    return found


def client(world: World, service: str, **options: Any) -> Any:
    """A client of nobody, or of who is told."""
    where = {"endpoint_url": world.variables["AWS_ENDPOINT_URL"], "region_name": REGION}
    return boto3.client(service, **where, **options)  # type: ignore[call-overload] # the stubs know literal names


def code(call: Any, *arguments: Any, **named: Any) -> str:
    """The code with which it is refused."""
    try:
        call(*arguments, **named)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "allowed"


def test_a_service_uses_its_media_with_nothing_but_its_token(
    world: World, staging: Environment, dev: Environment
) -> None:
    """The web service and the worker; the role of another environment stays closed to both."""
    for service in ("cams-staging", "cams-staging-worker"):
        token, role = token_and_role(world, service)

        keys = take(world, role, token)
        s3 = client(
            world,
            "s3",
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
            config=BY_PATH_ONCE,
        )
        s3.put_object(Bucket=MEDIA.format("staging"), Key="uploads/test", Body=b"uploaded")

        assert role.endswith(":role/cams-staging-media")
        assert s3.get_object(Bucket=MEDIA.format("staging"), Key="uploads/test")["Body"].read() == b"uploaded"
        assert code(take, world, role.replace("staging", "dev"), token) == "AccessDenied"
        assert code(s3.put_object, Bucket=MEDIA.format("dev"), Key="uploads/test", Body=b"x") == "AccessDenied"


def test_a_workflow_takes_the_role_of_its_environment_and_branch(world: World, staging: Environment) -> None:
    """By a token of the local GitHub, in both formats of the subject."""
    asked = ["token", "github", "--repository", "example@6154722/cams@1029384756", "--environment", "staging"]
    role = "arn:aws:iam::123456789012:role/cams-staging-deploy"

    def token(*more: str) -> str:
        return world.local(*asked, *more, check=True).stdout.strip()

    assert take(world, role, token("--ref", "refs/heads/staging"))["SessionToken"]
    assert take(world, role, token("--ref", "refs/heads/staging", "--subject", "ids"))["SessionToken"]
    assert code(take, world, role, token("--ref", "refs/heads/main")) == "AccessDenied"
    assert (
        code(take, world, role, token("--ref", "refs/heads/staging", "--audience", "other")) == "InvalidIdentityToken"
    )


def test_a_pull_request_takes_no_role(world: World, staging: Environment) -> None:
    """Nobody has reviewed what its job runs: not by its own subject, nor by naming the environment."""
    asked = ["token", "github", "--repository", "example@6154722/cams@1029384756", "--event", "pull_request"]
    pages = world.aws("iam").get_paginator("list_roles").paginate()
    roles = [role["Arn"] for page in pages for role in page["Roles"] if role["RoleName"].startswith("cams-")]

    tokens = [
        world.local(*asked, "--ref", "refs/pull/7/merge", "--subject", subject, *named, check=True).stdout.strip()
        for subject in ("names", "ids")
        for named in ((), ("--environment", "staging"))
    ]

    assert len(roles) >= 4
    assert {code(take, world, role, token) for role in roles for token in tokens} == {"AccessDenied"}
