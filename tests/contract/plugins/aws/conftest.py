"""The stand-in for the plugin `aws`, in front of a local AWS of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from localcloud.plugins.aws.provider import AwsProvider
from tests.support.aws_cases import CASES, Case, configured
from tests.support.aws_daemon import Aws, running


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """A local AWS of its own."""
    with running(tmp_path_factory.mktemp("cloud")) as aws:
        yield aws


@pytest.fixture(scope="module")
def plugin(cloud: Aws) -> Iterator[AwsProvider]:
    """The plugin with the local user's environment."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", cloud.url)
        environment.setenv("AWS_ACCESS_KEY_ID", cloud.identity["aws_access_key_id"])
        environment.setenv("AWS_SECRET_ACCESS_KEY", cloud.identity["aws_secret_access_key"])
        yield configured()


@pytest.fixture(params=CASES, ids=[case.type_.split(":")[-1] for case in CASES])
def case(request: pytest.FixtureRequest) -> Case:
    """Each resource."""
    found: Case = request.param
    return found
