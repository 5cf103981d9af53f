"""Starts the local AWS as the local cloud does, in a folder of its own, and talks to it over its protocols."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.response import StreamingBody

from tests.support.measuring import measuring
from tests.support.waiting import eventually

SECONDS = 60.0
ONCE = Config(retries={"total_max_attempts": 1}, connect_timeout=20, read_timeout=60)


class Aws:
    """A daemon and its keys."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def identity(self) -> dict[str, str]:
        """The keys that `local env` prints."""
        found: dict[str, str] = json.loads((self.root / ".local/identity.json").read_text())
        return found

    def port(self, name: str) -> int:
        """The port kept under that name."""
        return int(json.loads((self.root / ".local/ports.json").read_text())[name])

    @property
    def url(self) -> str:
        """Where the API is."""
        return f"http://127.0.0.1:{self.port('aws')}"

    @property
    def registry(self) -> str:
        """Where the registry is."""
        return f"http://127.0.0.1:{self.port('registry')}"

    def start(self) -> None:
        """Start it and wait until it says that it is ready."""
        self.process = self.spawn()
        process = self.process

        def ready() -> bool:
            if process.poll() is not None:
                raise AssertionError(f"the daemon ended: {self.log()}")
            return self._ready()

        eventually(ready)

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the program without waiting."""
        own = {"PATH": os.environ["PATH"], "HOME": str(self.root), "SLIPWAY_ROOT": str(self.root)}
        with (self.root / "log").open("ab") as log:
            command = [sys.executable, "-m", "localcloud.aws"]
            return subprocess.Popen(command, env=own | measuring(), stdout=log, stderr=subprocess.STDOUT)

    def log(self) -> str:
        """What it printed."""
        return (self.root / "log").read_text()

    def kill(self) -> None:
        """End it with no warning."""
        assert self.process
        self.process.kill()
        self.process.wait(SECONDS)

    def terminate(self) -> int:
        """Ask it to end; gives its exit code."""
        assert self.process
        self.process.terminate()
        return self.process.wait(SECONDS)

    def saved(self) -> None:
        """Wait until what was changed must have been written: the daemon promises half a second."""
        time.sleep(0.8)

    def move_clock(self, to: str) -> dict[str, Any]:
        """Move the local cloud's clock, such as by `+3d`; gives what the command says."""
        own = {"PATH": os.environ["PATH"], "HOME": str(self.root), "SLIPWAY_ROOT": str(self.root)}
        command = [sys.executable, "-m", "localcloud", "clock", to, "--json"]
        done = subprocess.run(command, env=own | measuring(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        said: dict[str, Any] = json.loads(done.stdout)
        return said

    def client(self, service: str, key: dict[str, str] | None = None, **options: Any) -> Any:
        """A boto3 client: the local user's, or with the keys of an API answer."""
        me = self.identity
        keys = key or {"AccessKeyId": me["aws_access_key_id"], "SecretAccessKey": me["aws_secret_access_key"]}
        client: Any = boto3.client(  # type: ignore[call-overload] # the stubs know each service by its literal name
            service,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys.get("SessionToken"),
            **{"endpoint_url": self.url, "region_name": "eu-central-1", "config": ONCE, **options},
        )
        client.meta.events.register("after-call.s3.GetObject", _read_whole)
        return client

    def _ready(self) -> bool:
        try:
            answer = requests.get(f"{self.url}/_local/health", timeout=5)
        except (requests.ConnectionError, FileNotFoundError, KeyError, ValueError):
            return False
        return answer.status_code == 200 and answer.json()["ready"] is True


def _read_whole(parsed: dict[str, Any], **_: Any) -> None:
    """Take a body at once: one that a test does not read would hold its connection until it is collected."""
    if "Body" in parsed:
        content = parsed["Body"].read()
        parsed["Body"] = StreamingBody(BytesIO(content), len(content))


@contextmanager
def running(root: Path) -> Iterator[Aws]:
    """A daemon that is ready, ended at the end."""
    aws = Aws(root)
    aws.start()
    try:
        yield aws
    finally:
        if aws.process and aws.process.poll() is None:
            aws.terminate()  # one that is killed leaves no measurement


def refused(code: str, call: Any, **arguments: Any) -> None:
    """The call fails with that code."""
    with pytest.raises(ClientError) as error:
        call(**arguments)
    assert error.value.response["Error"]["Code"] == code


def words(call: Any, **arguments: Any) -> tuple[str, str]:
    """The code and message with which a call fails."""
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]
