"""Pulumi's state in the bucket and under the key of `slipway bootstrap`, by sessions of the role *deploy*."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.aws_truth.account import REGION, Account, Keys, allow
from infra import permissions
from infra.aws_account import Aws as AwsAccount
from infra.load import ROOT, from_file
from localcloud.engine import install
from ops.account.at_aws import state_bucket, state_key
from ops.account.steps import go_through
from tests.support.aws_daemon import Aws
from tests.support.foreign_clients import Done, Runner

KEEPER = f"awskms://alias/cams-state?region={REGION}"
PROJECT = "name: cams\nruntime: python\nmain: program.py\n"
PROGRAM = 'import pulumi\npulumi.export("said", pulumi.Config().require_secret("word"))\n'


class Engine:
    """The CLI, and a project of one secret output that stands for the platform's."""

    def __init__(self, aws: Aws, folder: Path) -> None:
        self.aws, self.folder, self.account = aws, folder, Account(aws)
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}
        command = [sys.executable, "-m", "localcloud", "engine"]
        subprocess.run(command, env=clean | {"SLIPWAY_ROOT": str(folder)}, check=True, capture_output=True)
        (folder / "Pulumi.yaml").write_text(PROJECT)
        (folder / "program.py").write_text(PROGRAM)
        self.bucket = f"cams-state-{self.account.id}"
        steps = [
            state_key(self.account.admin("kms"), self.account.id),
            state_bucket(self.account.admin("s3"), self.account.id, REGION),
        ]
        go_through(steps, make=True, say=lambda line: None)

    def run(self, keys: Keys, *words: str, fails: bool = False) -> Done:
        """A command of the CLI by the bearer of those keys."""
        variables = {
            "PATH": f"{self.folder}/.local/bin:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PULUMI_BACKEND_URL": f"s3://{self.bucket}?use_path_style=true",
            "PULUMI_HOME": f"{self.folder}/.local/pulumi",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }
        pulumi = f"{self.folder}/.local/bin/pulumi"
        runner = Runner(self.aws, self.folder, keys)
        return runner.run(pulumi, *words, "--non-interactive", fails=fails, variables=variables)

    def make(self, keys: Keys, stack: str) -> None:
        """A stack with one secret, brought up."""
        self.run(keys, "stack", "init", stack, "--secrets-provider", KEEPER)
        self.run(keys, "config", "set", "--secret", "word", f"of {stack}", "--stack", stack)
        self.up(keys, stack)

    def up(self, keys: Keys, stack: str, *, fails: bool = False) -> Done:
        """Bring it up to date."""
        return self.run(keys, "up", "--stack", stack, "--yes", "--skip-preview", fails=fails)

    def output(self, keys: Keys, stack: str) -> str:
        """The secret, opened."""
        return self.run(keys, "stack", "output", "said", "--show-secrets", "--stack", stack).stdout.strip()

    def deploy(self, environment: str) -> Keys:
        """A session of a role with the declared policy of *deploy*."""
        aws = AwsAccount(region=REGION, allowedAccountIds=(self.account.id,))
        stack = from_file(environment, ROOT).model_copy(update={"aws": aws, "neighbours": {}})
        policy = json.loads(permissions.deploy(stack, f"arn:aws:kms:{REGION}:{self.account.id}:key/none"))
        return self.account.session(*policy["Statement"])

    def state(self, stack: str) -> dict[str, Any]:
        """The object that the state is, as the administrator sees it."""
        key = f".pulumi/stacks/cams/{stack}.json"
        found: dict[str, Any] = self.account.admin("s3").get_object(Bucket=self.bucket, Key=key)
        return found


@pytest.fixture(scope="module")
def engine(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """One for the module; each test has a stack of its own."""
    if install.at_hand() is None:
        pytest.skip("Pulumi's CLI is neither on PATH nor in the cache: ./slipway local engine")
    return Engine(aws, tmp_path_factory.mktemp("project"))


def test_the_role_keeps_the_state_of_its_own_stack(engine: Engine) -> None:
    """Made, locked, written, read back and opened; at rest it is under the account's key, the secret under it too."""
    keys = engine.deploy("staging")

    engine.make(keys, "staging")
    engine.up(keys, "staging")

    state = engine.state("staging")
    key = engine.account.admin("kms").describe_key(KeyId="alias/cams-state")["KeyMetadata"]["Arn"]
    assert engine.output(keys, "staging") == "of staging"
    assert b"of staging" not in state["Body"].read()
    assert (state["ServerSideEncryption"], state["SSEKMSKeyId"], state["BucketKeyEnabled"]) == ("aws:kms", key, True)
    assert engine.run(keys, "stack", "history", "--stack", "staging", "--json").stdout.count('"kind": "update"') == 2


def test_another_stacks_state_is_closed_to_the_role(engine: Engine) -> None:
    """Neither read, nor locked, nor written, nor made; it stays as it was."""
    engine.make(engine.account.keys, "dev")
    before = engine.state("dev")["ETag"]
    keys = engine.deploy("staging")

    read = engine.run(keys, "stack", "export", "--stack", "dev", fails=True).stderr
    written = engine.up(keys, "dev", fails=True).stderr
    made = engine.run(keys, "stack", "init", "prod", "--secrets-provider", KEEPER, fails=True).stderr

    refused = 'blob (key ".pulumi/stacks/cams/dev.json") (code=PermissionDenied)'
    lock = f"arn:aws:s3:::{engine.bucket}/.pulumi/locks/organization/cams/prod/"
    assert refused in read
    assert refused in written
    assert f"is not authorized to perform: s3:PutObject on resource: {lock}" in made
    assert engine.state("dev")["ETag"] == before


def test_the_bucket_alone_opens_nothing(engine: Engine) -> None:
    """Who may do all with the bucket and nothing with the key reads no state."""
    arn = f"arn:aws:s3:::{engine.bucket}"
    engine.make(engine.account.keys, "test")
    keys = engine.account.session(allow("s3:*", [arn, f"{arn}/*"]))
    refused = engine.run(keys, "stack", "export", "--stack", "test", fails=True).stderr

    assert "is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:" in refused
