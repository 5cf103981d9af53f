"""Faults on demand: what a client sees, and what was done all the same."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError, ConnectionClosedError

from tests.support.aws_daemon import Aws, running


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """One daemon for the file."""
    with running(tmp_path_factory.mktemp("aws")) as aws:
        yield aws


@pytest.fixture
def aws(daemon: Aws) -> Iterator[Aws]:
    """No fault is left for the next test."""
    yield daemon
    requests.delete(f"{daemon.url}/_local/faults", timeout=5).raise_for_status()


def fault(aws: Aws, **said: Any) -> requests.Response:
    """Ask for a fault."""
    return requests.post(f"{aws.url}/_local/faults", json=said, timeout=5)


def code_of(call: Any, **arguments: Any) -> str:
    """The code with which a call fails."""
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return str(error.value.response["Error"]["Code"])


def test_a_dropped_call_was_carried_out(aws: Aws) -> None:
    """The client gets no reply, and the user is there."""
    iam = aws.client("iam")
    fault(aws, kind="drop_after", service="iam", action="CreateUser")

    with pytest.raises(ConnectionClosedError):
        iam.create_user(UserName="dropped")

    assert iam.get_user(UserName="dropped")["User"]["UserName"] == "dropped"
    assert iam.create_user(UserName="next")["User"]["UserName"] == "next"


@pytest.mark.parametrize(
    ("service", "action", "code"),
    [
        ("iam", "list_users", "Throttling"),
        ("kms", "list_keys", "ThrottlingException"),
        ("s3", "list_buckets", "SlowDown"),
    ],
)
def test_a_rate_limit_in_the_services_own_words(aws: Aws, service: str, action: str, code: str) -> None:
    """It hits as often as was said, and then no more."""
    call = getattr(aws.client(service), action)
    fault(aws, kind="rate_limit", service=service, times=2)

    assert [code_of(call), code_of(call)] == [code, code]
    assert call()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_a_failing_call_was_not_carried_out(aws: Aws) -> None:
    """The status and the message are those that were asked for."""
    ssm = aws.client("ssm")
    fault(aws, kind="status", service="ssm", action="Put*", status=503, message="down for a test")

    with pytest.raises(ClientError, match="down for a test") as error:
        ssm.put_parameter(Name="/failed", Value="x", Type="String")

    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert code_of(ssm.get_parameter, Name="/failed") == "ParameterNotFound"


def test_a_slow_call(aws: Aws) -> None:
    """It takes as long as was said, and others do not wait for it."""
    fault(aws, kind="delay", method="GET", path="/*", seconds=0.4)

    began = time.monotonic()
    aws.client("s3").list_buckets()

    assert 0.4 <= time.monotonic() - began < 5


def test_faults_can_be_taken_back(aws: Aws) -> None:
    """Until DELETE they can be looked at; after it everything works."""
    asked = fault(aws, kind="status", times=100)

    assert asked.status_code == 201
    assert requests.get(f"{aws.url}/_local/faults", timeout=5).json() == [asked.json()]
    assert requests.delete(f"{aws.url}/_local/faults", timeout=5).status_code == 204
    assert aws.client("iam").list_users()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_a_fault_with_a_typo_is_refused(aws: Aws) -> None:
    """Nothing is added, and the answer names the word."""
    answer = fault(aws, kind="status", servise="iam")

    assert answer.status_code == 400
    assert "servise" in answer.json()["message"]


def test_a_fault_of_the_registry(aws: Aws) -> None:
    """The registry is a service like the others."""
    fault(aws, kind="rate_limit", service="registry", path="/v2/*")

    answer = requests.get(f"{aws.registry}/v2/", timeout=5)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (429, "TOOMANYREQUESTS")
