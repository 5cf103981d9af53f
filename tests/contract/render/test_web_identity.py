"""Services of the local Render take roles of the local AWS with their tokens, as the program lets them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from unittest import mock

import pytest
import requests

from infra import trust
from infra.load import parse
from infra.statements import allow, document
from localcloud.machine import clock
from tests.support.aws_daemon import Aws, running
from tests.support.local_render import LocalRender
from tests.support.stack_settings import settings
from tests.support.waiting import eventually

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/cams-staging-media"
OURS = f"cams-staging-media-{ACCOUNT}"
THEIRS = OURS.replace("staging", "dev")
TAKE = """
import boto3

def take():
    try:
        return boto3.Session(region_name="eu-central-1").client("sts").get_caller_identity()["Arn"]
    except Exception as error:
        return error.response["Error"]["Code"] if hasattr(error, "response") else repr(error)

def media(bucket):
    s3 = boto3.Session(region_name="eu-central-1").client("s3")
    try:
        s3.put_object(Bucket=bucket, Key="uploads/a", Body=b"uploaded")
    except Exception as error:
        return error.response["Error"]["Code"]
    return s3.get_object(Bucket=bucket, Key="uploads/a")["Body"].read().decode()

if __name__ == "__main__":
    print("i am", take())
"""
SERVER = """
import http.server, os, take

class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        does = {"/who": take.take, "/file": lambda: os.environ["AWS_WEB_IDENTITY_TOKEN_FILE"]}
        body = (take.media(self.path[7:]) if self.path.startswith("/media/") else does.get(self.path, str)()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Answer).serve_forever()
"""


@dataclass
class Clouds:
    """Both, in one folder."""

    aws: Aws
    render: LocalRender
    project: str

    def environment(self, name: str) -> str:
        """The id of an environment of the project."""
        listed = self.render.api("GET", f"/environments?projectId={self.project}")
        return str(next(one["environment"]["id"] for one in listed if one["environment"]["name"] == name))

    def service(self, name: str, environment: str | None, **details: Any) -> str:
        """A service that wants the role, live; its id."""
        start = details.pop("start", "exec python server.py")
        schedule = {"schedule": "0 3 1 1 *"} if "cron" in name else {}
        specific = {"buildCommand": "true", "startCommand": start}
        body = {
            "type": "cron_job" if schedule else "web_service",
            "name": name,
            "ownerId": self.render.owner,
            "repo": "https://github.com/example/app",
            "branch": "main",
            "autoDeploy": "no",
            "envVars": [{"key": "AWS_ROLE_ARN", "value": ROLE}],
            "serviceDetails": {"runtime": "python", "envSpecificDetails": specific, **schedule},
            **({"environmentId": environment} if environment else {}),
        }
        made = self.render.api("POST", "/services", body)["service"]["id"]
        listed = f"/services/{made}/deploys"
        eventually(lambda: self.render.api("GET", listed)[0]["deploy"]["status"] == "live", "it is live", 60)
        return str(made)

    def asked(self, service: str, path: str) -> str:
        """What a service answers."""
        url = self.render.api("GET", f"/services/{service}")["serviceDetails"]["url"]
        return requests.get(f"{url}{path}", timeout=30).text

    def named(self, service: str) -> list[str]:
        """The lines in which a run of a service has said who it is."""
        query = f"ownerId={self.render.owner}&resource={service}&limit=50&startTime=1970-01-01T00:00:00Z"
        lines = self.render.api("GET", f"/logs?{query}")["logs"]
        return [line["message"] for line in lines if line["message"].startswith("i am")]


@pytest.fixture(scope="module")
def clouds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clouds]:
    """Two environments, and in AWS what the program declares for the first: provider, role and bucket."""
    root = tmp_path_factory.mktemp("clouds")
    with running(root) as aws, mock.patch.dict("os.environ", {"AWS_ENDPOINT_URL": aws.url}):
        render = LocalRender(root)
        render.push("main", {"server.py": SERVER, "take.py": TAKE})
        wanted = [{"name": "staging"}, {"name": "dev"}]
        project = render.api("POST", "/projects", {"name": "cams", "ownerId": render.owner, "environments": wanted})
        made = Clouds(aws, render, project["id"])
        _declare(made)
        yield made
        aws.terminate()  # before its folder goes
        render.stop()


def _declare(made: Clouds) -> None:
    iam, s3, owner = made.aws.client("iam"), made.aws.client("s3"), made.render.owner
    iam.create_open_id_connect_provider(Url=f"https://oidc.render.com/{owner}", ClientIDList=["sts.amazonaws.com"])
    trusted = trust.render(parse(settings("staging"), "staging"), owner, made.environment("staging"))
    iam.create_role(RoleName="cams-staging-media", AssumeRolePolicyDocument=trusted)
    own = allow("Media", ["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::{OURS}/*")
    iam.put_role_policy(RoleName="cams-staging-media", PolicyName="media", PolicyDocument=document(own))
    for bucket in (OURS, THEIRS):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})


@pytest.fixture(scope="module")
def web(clouds: Clouds) -> str:
    """A web service of staging."""
    return clouds.service("web", clouds.environment("staging"))


def _is_the_role(said: str) -> bool:
    return said.startswith(f"arn:aws:sts::{ACCOUNT}:assumed-role/cams-staging-media/")


def test_a_running_service_takes_its_role_and_uses_its_bucket(clouds: Clouds, web: str) -> None:
    """With nothing but AWS's SDK: it finds the role and the token in the environment."""
    assert _is_the_role(clouds.asked(web, "/who"))
    assert clouds.asked(web, f"/media/{OURS}") == "uploaded"
    assert clouds.asked(web, f"/media/{THEIRS}") == "AccessDenied"


def test_its_token_is_good_after_the_first_one_has_ended(clouds: Clouds, web: str) -> None:
    """Three hours later by the cloud's clock it takes the role as before."""
    first = clouds.asked(web, "/file")
    with mock.patch.dict("os.environ", {"SLIPWAY_ROOT": str(clouds.aws.root)}):
        clock.forward(datetime.now(UTC) + timedelta(hours=3))

    eventually(lambda: _is_the_role(clouds.asked(web, "/who")), "the token was renewed", 10)

    assert clouds.asked(web, "/file") == first


def test_a_cron_run_and_a_job_take_the_role_too(clouds: Clouds, web: str) -> None:
    """Each with a token of its own, which speaks of its service."""
    cron = clouds.service("cron", clouds.environment("staging"), start="python take.py")

    clouds.render.api("POST", f"/cron-jobs/{cron}/runs")
    clouds.render.api("POST", f"/services/{web}/jobs", {"startCommand": "python take.py"})

    for service in (cron, web):
        [line] = eventually(partial(clouds.named, service), "it has run", 30)
        assert _is_the_role(line.removeprefix("i am "))


def test_a_service_of_another_environment_or_of_none_is_refused(clouds: Clouds) -> None:
    """Although it knows the role: its token says where it is."""
    dev = clouds.service("web-dev", clouds.environment("dev"))
    alone = clouds.service("web-alone", None)

    assert clouds.asked(dev, "/who") == "AccessDenied"
    assert clouds.asked(alone, "/who") == "AccessDenied"


def test_a_service_that_is_moved_out_loses_the_role_and_finds_it_again(clouds: Clouds) -> None:
    """Its token says at once where it is, without a deploy."""
    moved = clouds.service("web-moved", clouds.environment("staging"))
    before = clouds.asked(moved, "/who")

    clouds.render.api("POST", f"/environments/{clouds.environment('dev')}/resources", {"resourceIds": [moved]})
    meanwhile = clouds.asked(moved, "/who")
    clouds.render.api("POST", f"/environments/{clouds.environment('staging')}/resources", {"resourceIds": [moved]})

    assert _is_the_role(before)
    assert meanwhile == "AccessDenied"
    assert _is_the_role(clouds.asked(moved, "/who"))


def test_the_issuer_publishes_the_keys_of_its_own_workspace_alone(clouds: Clouds) -> None:
    """At the names that Render has, without a key of the API."""
    at = f"{clouds.render.url}/oidc"
    told = requests.get(f"{at}/{clouds.render.owner}/.well-known/openid-configuration", timeout=5).json()
    other = requests.get(f"{at}/tea-other/.well-known/openid-configuration", timeout=5)

    assert told["issuer"] == f"https://oidc.render.com/{clouds.render.owner}"
    assert told["jwks_uri"] == f"https://oidc.render.com/{clouds.render.owner}/.well-known/jwks"
    assert other.status_code == 404
