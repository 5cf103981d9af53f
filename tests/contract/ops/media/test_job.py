"""The job as it runs: by its variables alone, as the identity `backup`, and the restore as `restore`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pyrage
import pytest

from console.errors import DONE, FAILED
from console.output import Output
from ops.__main__ import main
from ops.context import Context, Doors
from ops.doors.cloud import Cloud
from tests.contract.ops.media.conftest import MEDIA, REGION, STACK, Identity
from tests.support.aws_daemon import Aws

IDENTITY: Any = pyrage.x25519.Identity.generate()
Run = Callable[..., tuple[int, Any]]


class Application:
    """Its models name one column."""

    def ask(self, question: str) -> list[dict[str, str]]:
        return [{"table": "exams_paper", "column": "scan", "prefix": ""}]


def names(url: str, table: str, column: str) -> Iterator[str]:
    """Of its database."""
    yield from ("a", "b", "lost long ago")


@pytest.fixture
def run(aws: Aws, acting: Callable[[str], Identity], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """A command as somebody; gives its exit code and what it prints for programs."""
    people = {who: acting(who).s3._request_signer._credentials for who in ("backup", "restore")}
    manager = aws.client("secretsmanager")
    manager.create_secret(Name=STACK.names.backup_key, SecretString=str(IDENTITY))

    def made(who: str, *words: str, **variables: str) -> tuple[int, Any]:
        for name, value in {
            "AWS_ENDPOINT_URL": aws.url,
            "AWS_ACCESS_KEY_ID": people[who].access_key,
            "AWS_SECRET_ACCESS_KEY": people[who].secret_key,
        }.items():
            monkeypatch.setenv(name, value)
        output = Output(StringIO(), StringIO())
        doors = Doors(
            choose=lambda **_: Cloud(variables, is_local=True),
            media_names=names,
            application=lambda root, given: Application(),  # type: ignore[arg-type,return-value] # what is asked of it, it answers
        )
        code = main([*words, "--json"], Context(doors, output))
        assert output.stdout
        said = output.stdout.getvalue()  # type: ignore[attr-defined] # a StringIO
        return code, json.loads(said) if said else None

    yield made
    manager.delete_secret(SecretId=STACK.names.backup_key, ForceDeleteWithoutRecovery=True)


def test_the_job_copies_and_the_restore_puts_back(aws: Aws, admin: Any, run: Run) -> None:
    """With the metric that the alarm reads, and the files that are nowhere."""
    admin.put_object(Bucket=MEDIA, Key="a", Body=b"1")
    admin.put_object(Bucket=MEDIA, Key="b", Body=b"22")
    job = {
        "SLIPWAY_JOB": "media",
        "DATABASE_URL": "postgresql://there",
        "BACKUP_RECIPIENTS": str(IDENTITY.to_public()),
        "MEDIA_BACKUP_TARGET": f"s3://{STACK.names.bucket('backups')}/media",
    }

    code, done = run("backup", "backup", "media", "staging", **job)
    code_of_check, checked = run("backup", "backup", "media", "staging", "--check", **job)
    admin.delete_object(Bucket=MEDIA, Key="a")
    code_of_restore, restored = run("restore", "restore", "media", "staging")

    assert (code, done["copied"], done["named"]["missing"]) == (DONE, 2, 1)
    assert (code_of_check, checked["lost"], checked["complete"]) == (FAILED, 0, False)
    assert (code_of_restore, restored["restored"], restored["same"]) == (DONE, 1, 1)
    assert admin.get_object(Bucket=MEDIA, Key="a")["Body"].read() == b"1"
    assert metric(aws) == [1.0]


def test_a_job_that_fails_says_so(aws: Aws, admin: Any, run: Run) -> None:
    """The metric is 0, and nothing is a copy."""
    admin.put_object(Bucket=MEDIA, Key="a", Body=b"1")
    job = {"SLIPWAY_JOB": "media", "DATABASE_URL": "postgresql://there"}

    code, _ = run("backup", "backup", "media", "staging", **job)

    assert code != DONE
    assert metric(aws) == [0.0]
    [mark] = admin.list_objects_v2(Bucket=STACK.names.bucket("backups"))["Contents"]
    assert mark["Key"].startswith("failed/staging/")


def metric(aws: Aws) -> list[float]:
    """What was told of copies in the last hour, least first."""
    now = datetime.now(UTC)
    found = aws.client("cloudwatch", region_name=REGION).get_metric_statistics(
        Namespace=STACK.names.metrics, MetricName="MediaBackupCompleted", Period=3600, Statistics=["Minimum"],
        Dimensions=[{"Name": "Environment", "Value": "staging"}],
        StartTime=now - timedelta(hours=1), EndTime=now + timedelta(hours=1),
    )  # fmt: skip
    return [one["Minimum"] for one in found["Datapoints"]]
