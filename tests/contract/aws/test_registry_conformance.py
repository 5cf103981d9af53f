"""The distribution specification's own conformance suite, run against the registry."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.aws_daemon import Aws

SUITE = "github.com/opencontainers/distribution-spec/conformance@v0.0.0-20260831232431-97274622c111"


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The suite's program, built from Go's module proxy or its cache."""
    if shutil.which("go") is None:
        pytest.skip("Go is not installed")
    folder = tmp_path_factory.mktemp("suite")
    try:
        built = subprocess.run(
            ["go", "install", SUITE],
            env=os.environ | {"GOBIN": str(folder)},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    except subprocess.TimeoutExpired:
        pytest.skip("the suite cannot be had here: the module proxy does not answer")
    if built.returncode != 0:
        pytest.skip(f"the suite cannot be had here: {built.stderr.strip()[-200:]}")
    return folder / "conformance"


def test_the_registry_conforms(aws: Aws, suite: Path, tmp_path: Path) -> None:
    """Nothing of version 1.1 fails; without SHA-512, which ECR does not have either."""
    ecr = aws.client("ecr")
    for name in ("conformance/one", "conformance/two"):
        ecr.create_repository(repositoryName=name)
    [login] = ecr.get_authorization_token()["authorizationData"]
    user, password = base64.b64decode(login["authorizationToken"]).decode().split(":", 1)
    settings = {
        "OCI_REGISTRY": aws.registry.removeprefix("http://"),
        "OCI_TLS": "disabled",
        "OCI_REPO1": "conformance/one",
        "OCI_REPO2": "conformance/two",
        "OCI_USERNAME": user,
        "OCI_PASSWORD": password,
        "OCI_RESULTS_DIR": str(tmp_path),
        "OCI_DATA_SHA512": "false",
        "OCI_VERSION": "1.1",
    }

    done = subprocess.run(
        [suite], env=os.environ | settings, capture_output=True, text=True, timeout=120, cwd=tmp_path, check=False
    )

    counts = dict(line.split(":", 1) for line in done.stdout.splitlines() if ".:" in line)
    figures = {name.strip(" ."): value.strip() for name, value in counts.items()}
    assert (done.returncode, figures["FAIL"], figures["Error"]) == (0, "0", "0"), done.stdout[-3000:]
    assert int(figures["Pass"]) > 500
