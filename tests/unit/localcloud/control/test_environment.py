"""The environment of the local cloud: what it sets, and what must not be beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import botocore.session
import pytest

from localcloud.control import environment

ROOT = Path(__file__).parents[3]
# By which botocore and the Go SDK choose other credentials, endpoints or settings.
CHOICES = [
    *("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_ROLE_ARN"),
    *("AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
    *("AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_ENDPOINT_URL_S3"),
    *("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_CA_BUNDLE", "AWS_USE_FIPS_ENDPOINT", "AWS_RETRY_MODE"),
    *("AWS_USE_DUALSTACK_ENDPOINT", "AWS_MAX_ATTEMPTS", "AWS_STS_REGIONAL_ENDPOINTS", "AWS_ACCOUNT_ID"),
    *("PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_STACK", "PULUMI_CREDENTIALS_PATH"),
]


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A local cloud in a folder of the test's own."""
    monkeypatch.setenv("SLIPWAY_ROOT", str(tmp_path))


def shell(script: str) -> list[str]:
    """The lines that a shell prints which has taken the environment over."""
    done = subprocess.run(
        ["sh", "-eu", "-c", f'eval "$({sys.executable} -m localcloud env)"\n{script}'],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_what_chooses_other_credentials_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """By processes, for which null stands for it, and by the shell; the AWS CLI's looks are the user's."""
    for name in [*CHOICES, "AWS_PAGER"]:
        monkeypatch.setenv(name, "x")

    changes = json.loads(json.dumps(environment.changes()))
    names = [line.partition("=")[0] for line in shell("env")]

    assert {name for name, value in changes.items() if value is None} >= set(CHOICES)
    assert "AWS_PAGER" not in changes
    assert [name for name in CHOICES if name in names] == []
    assert {"AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_PAGER", "PULUMI_BACKEND_URL"} <= set(names)


def test_lines_kept_for_another_shell_drop_the_usual_ones_there_too() -> None:
    """For instance in a file that is read at each start."""
    first = environment.exports().splitlines()[0].split()

    assert first[0] == "unset"
    assert {"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_CA_BUNDLE"} <= set(first)


def test_a_broken_profile_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor one that names other endpoints: `~/.aws/config` is for real accounts."""
    folder = tmp_path / ".aws"
    folder.mkdir()
    (folder / "config").write_text("[default\nendpoint_url = https://example.com\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, value in environment.changes().items():
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)

    client = botocore.session.Session().create_client("s3")

    assert client.meta.endpoint_url == os.environ["AWS_ENDPOINT_URL"]


def test_this_machine_is_reached_round_a_proxy_of_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the shell excepts already stays excepted."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "intern.example")

    said = shell('echo "$no_proxy"; echo "$NO_PROXY"; echo "$http_proxy"')

    assert said[0] == said[1]
    assert {"intern.example", "127.0.0.1", "localhost", "[::1]"} <= set(said[0].split(","))
    assert said[2] == "http://127.0.0.1:9"
