"""A local AWS with its registry, and the shell in which `docker` is the local cloud's."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.aws_daemon import Aws, running

REGION = "eu-central-1"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """A local AWS with its registry."""
    with running(tmp_path_factory.mktemp("cloud")) as aws:
        yield aws


@pytest.fixture
def shell(cloud: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment that `local env` prints, as far as it matters here; nobody is logged in to any registry."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/docker").write_text(f'#!/bin/sh\nexec {sys.executable} -m localcloud.docker "$@"\n')
    (tmp_path / "bin/docker").chmod(0o755)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in {
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "SLIPWAY_ROOT": str(cloud.root),
        "DOCKER_CONFIG": str(tmp_path / "no-login"),
        "AWS_ENDPOINT_URL": cloud.url,
        "AWS_ACCESS_KEY_ID": cloud.identity["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": cloud.identity["aws_secret_access_key"],
        "AWS_REGION": REGION,
    }.items():
        monkeypatch.setenv(name, value)
