"""GitHub's issuer as the toolkit of its actions asks it, and what its tokens say."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet

from localcloud.github import tokens
from localcloud.github.job import Job
from tests.support.measuring import measuring
from tests.support.tokens import JOB, kept_port
from tests.support.waiting import eventually

ISSUER = "https://token.actions.githubusercontent.com"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in which the issuer runs."""
    folder = tmp_path_factory.mktemp("github")
    port = kept_port(folder, "github")
    own = {"PATH": os.environ["PATH"], "HOME": str(folder), "SLIPWAY_ROOT": str(folder)} | measuring()
    with (folder / "log").open("wb") as log:
        argv = [sys.executable, "-m", "localcloud.github"]
        process = subprocess.Popen(argv, env=own, stdout=log, stderr=subprocess.STDOUT)

        def ready() -> bool:
            assert process.poll() is None, (folder / "log").read_text()
            try:
                return requests.get(f"http://127.0.0.1:{port}/_local/health", timeout=2).ok
            except requests.ConnectionError:
                return False

        eventually(ready)
        with mock.patch.dict("os.environ", {"SLIPWAY_ROOT": str(folder)}):
            yield folder
        process.terminate()
        assert process.wait(20) == 0


def ask(given: dict[str, str], **query: str) -> requests.Response:
    """As `core.getIDToken` does."""
    bearer = {"Authorization": f"bearer {given['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"}
    more = "".join(f"&{name}={value}" for name, value in query.items())
    return requests.get(f"{given['ACTIONS_ID_TOKEN_REQUEST_URL']}{more}", headers=bearer, timeout=5)


def verified(token: str, root: Path) -> dict[str, Any]:
    """The claims, verified as whoever trusts the issuer does."""
    at = f"http://127.0.0.1:{kept_port(root, 'github')}"
    told = requests.get(f"{at}/.well-known/openid-configuration", timeout=5).json()
    assert (told["issuer"], told["jwks_uri"]) == (ISSUER, f"{ISSUER}/.well-known/jwks")
    published = requests.get(f"{at}/.well-known/jwks", timeout=5).json()
    assert set(published["keys"][0]) == {"kty", "n", "e", "kid", "use", "alg"}
    said = jwt.decode(token, KeySet.import_key_set(published), algorithms=["RS256"]).claims
    assert set(said) <= set(told["claims_supported"])
    return dict(said)


def test_a_job_is_given_a_token_for_the_audience_that_it_asks_for(root: Path) -> None:
    """All claims that GitHub documents are in it."""
    answer = ask(tokens.variables(JOB), audience="sts.amazonaws.com")

    said = verified(answer.json()["value"], root)
    assert answer.json()["count"] == len(answer.json()["value"])
    assert (said["iss"], said["aud"], said["sub"]) == (
        ISSUER,
        "sts.amazonaws.com",
        "repo:example/cams:environment:staging",
    )
    assert (said["ref"], said["ref_type"], said["environment"]) == ("refs/heads/staging", "branch", "staging")
    assert (said["repository_id"], said["repository_owner_id"]) == ("1029384756", "6154722")
    assert said["job_workflow_ref"] == "example/cams/.github/workflows/deploy.yml@refs/heads/staging"
    assert (said["exp"] - said["iat"], said["iat"] - said["nbf"]) == (300, 600)
    assert {"jti", "sha", "actor", "actor_id", "workflow", "run_id", "event_name", "runner_environment"} <= set(said)


def test_without_an_audience_the_token_is_the_owners(root: Path) -> None:
    """As GitHub does."""
    assert verified(ask(tokens.variables(JOB)).json()["value"], root)["aud"] == "https://github.com/example"


def test_who_has_no_request_token_gets_none(root: Path) -> None:
    """Nor does who shows the token that it was given, or one of another key."""
    given = tokens.variables(JOB)
    shown = ["", "nonsense", ask(given).json()["value"], given["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] + "x"]

    answers = [ask({**given, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": one}).status_code for one in shown]

    assert answers == [401] * 4
    assert requests.get(given["ACTIONS_ID_TOKEN_REQUEST_URL"], timeout=5).status_code == 401


def test_the_keys_are_their_users_alone(root: Path) -> None:
    """Whoever reads them speaks for every workflow."""
    ask(tokens.variables(JOB))

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (root / ".local/github").iterdir()}
    assert {modes["oidc-key.json"], modes["job-key"]} == {0o600}


@pytest.mark.parametrize(
    ("changes", "subject"),
    [
        ({}, "repo:example/cams:environment:staging"),
        ({"subjects": "ids"}, "repo:example@6154722/cams@1029384756:environment:staging"),
        ({"environment": None}, "repo:example/cams:ref:refs/heads/staging"),
        ({"environment": None, "ref": "refs/tags/v1"}, "repo:example/cams:ref:refs/tags/v1"),
        (
            {"environment": None, "ref": "refs/pull/7/merge", "event_name": "pull_request", "subjects": "ids"},
            "repo:example@6154722/cams@1029384756:pull_request",
        ),
        ({"environment": "a:b"}, "repo:example/cams:environment:a%3Ab"),
    ],
)
def test_subjects_are_written_as_github_writes_them(changes: dict[str, Any], subject: str) -> None:
    """By environment, pull request, branch or tag, in both formats."""
    assert Job.model_validate({**JOB.model_dump(), **changes}).subject == subject
