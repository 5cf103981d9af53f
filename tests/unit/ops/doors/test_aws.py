"""Whatever fails while a session is made or used is told, with what to run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, SSOTokenLoadError, UnauthorizedSSOTokenError

from console.credentials import LOGIN, LOOK
from console.errors import ExplainedError
from ops import __main__ as command
from ops.doors import aws

PROFILE = """[profile sso]
sso_session = work
sso_account_id = 123456789012
sso_role_name = admin
region = eu-central-1
[sso-session work]
sso_start_url = https://example.com/start
sso_region = eu-central-1
[profile programme]
credential_process = /nonexistent/programme
[profile role]
role_arn = arn:aws:iam::123456789012:role/x
web_identity_token_file = /nonexistent/token
"""
LIST = "see which there are: aws configure list-profiles; then set AWS_PROFILE, or unset it"


@pytest.fixture(autouse=True)
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Real accounts, with a home of the test's own; nothing is asked over the network."""
    (tmp_path / "config").write_text(PROFILE)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("RENDER_API_KEY", "rnd_x")
    monkeypatch.setenv("RENDER_OWNER_ID", "tea-c0ffee00000000000000")


@pytest.mark.parametrize(
    ("environment", "why", "hint"),
    [
        ({"AWS_PROFILE": "wrok"}, "The config profile (wrok) could not be found", LIST),
        ({"AWS_DEFAULT_PROFILE": "wrok"}, "The config profile (wrok) could not be found", LIST),
        ({"AWS_PROFILE": "sso"}, "Error loading SSO Token", "aws sso login"),
        ({"AWS_PROFILE": "programme"}, "/nonexistent/programme", LOOK),
        ({"AWS_PROFILE": "role"}, "/nonexistent/token", LOOK),
        ({"AWS_ACCESS_KEY_ID": "AKIA"}, "Partial credentials found in env", LOGIN),
        ({"AWS_RETRY_MODE": "silly"}, "silly", LOOK),
        ({"AWS_MAX_ATTEMPTS": "many"}, "many", LOOK),
        ({"AWS_ENDPOINT_URL": "no address"}, "no address", LOOK),
    ],
)
def test_bootstrap_tells_what_is_wrong_with_a_session(
    environment: dict[str, Any],
    why: str,
    hint: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit code 1 and no traceback, before anything is made."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    code = command.main(["bootstrap", "--yes"])

    said = capsys.readouterr()
    assert code == 1
    assert "once per account" not in said.out
    assert said.err.startswith("error: cannot reach AWS: ")
    assert why in said.err
    assert said.err.endswith(f"\n\nhint: {hint}\n")
    assert "Traceback" not in said.err


@pytest.mark.parametrize("broken", ["[default\n", "key = value\n"])
def test_a_configuration_that_cannot_be_read_is_named(
    broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the variable that names another."""
    (tmp_path / "broken").write_text(broken)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "broken"))

    assert command.main(["bootstrap"]) == 1

    assert capsys.readouterr().err == (
        f"error: cannot reach AWS: Unable to parse config file: {tmp_path / 'broken'}\n\n"
        "hint: mend that file, or name another with AWS_CONFIG_FILE\n"
    )


def test_a_program_for_credentials_that_answers_nonsense_is_looked_for_in_the_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its answer alone says nothing to anybody."""
    (tmp_path / "config").write_text("[default]\ncredential_process = echo garbage\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))

    assert command.main(["bootstrap"]) == 1

    assert capsys.readouterr().err == (
        "error: cannot reach AWS: Expecting value: line 1 column 1 (char 0) "
        "(in what an AWS profile or variable names)\n\nhint: aws sts get-caller-identity\n"
    )


def test_missing_credentials_are_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    """With the two ways to get some."""
    assert command.main(["bootstrap"]) == 2

    said = capsys.readouterr().err
    assert said == f"error: cannot reach AWS: there are no credentials\n\nhint: {LOGIN}\n"


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        (SSOTokenLoadError(error_msg="no token"), "aws sso login"),
        (UnauthorizedSSOTokenError(), "aws sso login"),
        (ClientError({"Error": {"Code": "ExpiredToken", "Message": "expired"}}, "GetCallerIdentity"), LOGIN),
        (ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetCallerIdentity"), "look"),
        (FileNotFoundError(2, "No such file", "/token"), "look"),
        (json.JSONDecodeError("not JSON", "", 0), "look"),
    ],
)
def test_each_failure_has_its_hint(error: Exception, hint: str) -> None:
    """An expired session is signed in again; for others the caller knows."""
    with pytest.raises(ExplainedError, match=r"^cannot do it: .+") as caught, aws.told("cannot do it", hint="look"):
        raise error

    assert str(caught.value).endswith(f"\n\nhint: {hint}")
