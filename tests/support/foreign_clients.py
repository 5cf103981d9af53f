"""Runs clients that nobody here wrote, each as a user who may use one bucket or one repository, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from bench.aws_truth.account import REGION, Account, Keys, allow
from tests.support.aws_daemon import Aws

Done = subprocess.CompletedProcess[str]
SECONDS = 60


class Runner:
    """Runs programs in a folder that is their home, with one key and no other configuration."""

    def __init__(self, aws: Aws, folder: Path, keys: Keys) -> None:
        self.folder = folder
        self.url = aws.url
        self.keys = keys

    def run(self, *command: str, fails: bool = False, variables: Mapping[str, str] | None = None) -> Done:
        """Run a program that has to succeed, or to fail; skips the test where it is not installed."""
        if shutil.which(command[0]) is None:
            pytest.skip(f"{command[0]} is not installed")
        own = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "AWS_ACCESS_KEY_ID": self.keys["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": self.keys["SecretAccessKey"],
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "CHECKPOINT_DISABLE": "true",  # or terraform asks its maker for news
        }
        if token := self.keys.get("SessionToken"):
            own["AWS_SESSION_TOKEN"] = token
        done = subprocess.run(
            command,
            env={**own, **(variables or {})},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        said = f"{' '.join(command)}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        assert (done.returncode != 0) == fails, said
        return done


class BucketUser(Runner):
    """A session that may do all with one bucket; another bucket is somebody else's."""

    def __init__(self, aws: Aws, folder: Path) -> None:
        account = Account(aws)
        self.bucket, self.foreign = account.bucket(), account.bucket()
        arn = f"arn:aws:s3:::{self.bucket}"
        super().__init__(aws, folder, account.session(allow("s3:*", [arn, f"{arn}/*"])))


class RepositoryUser(Runner):
    """A session that may do all with one repository, and has logged in; another repository is somebody else's."""

    def __init__(self, aws: Aws, folder: Path) -> None:
        account = Account(aws)
        names = [account.name("images") for _ in range(2)]
        own, foreign = (account.admin("ecr").create_repository(repositoryName=one)["repository"] for one in names)
        self.own, self.foreign = own["repositoryUri"], foreign["repositoryUri"]
        keys = account.session(allow("ecr:GetAuthorizationToken"), allow("ecr:*", own["repositoryArn"]))
        super().__init__(aws, folder, keys)
        [login] = account.client("ecr", keys).get_authorization_token()["authorizationData"]
        host = self.own.partition("/")[0]
        self.login = folder / ".docker/config.json"
        self.login.parent.mkdir()
        self.login.write_text(json.dumps({"auths": {host: {"auth": login["authorizationToken"]}}}))
