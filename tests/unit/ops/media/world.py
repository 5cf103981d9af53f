"""A cloud in memory for the commands on media, and what they said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from console.errors import DONE, ExplainedError
from console.output import Output
from ops.__main__ import main
from ops.context import Context, Doors
from ops.doors.cloud import Cloud
from tests.support.fake_objects import MemoryObjects
from tests.support.media_fakes import FakeBucket
from tests.unit.ops.media.runs import IDENTITY, RECIPIENT

ACCOUNT = "123456789012"
COLUMN = {"table": "exams_paper", "column": "scan", "prefix": ""}


@dataclass
class World:
    """What the commands are given, and what they said."""

    bucket: FakeBucket = field(default_factory=lambda: FakeBucket({"a": b"1", "b": b"22"}))
    objects: dict[str, MemoryObjects] = field(default_factory=dict)
    metrics: list[tuple[str, float]] = field(default_factory=list)
    named: list[str] = field(default_factory=lambda: ["a", "b"])
    variables: dict[str, str] = field(default_factory=dict)
    is_local: bool = True
    unreachable: bool = False
    starts: bool = True
    said: StringIO = field(default_factory=StringIO)
    told: StringIO = field(default_factory=StringIO)

    def run(self, *words: str) -> int:
        """One command."""
        for stream in (self.said, self.told):
            stream.truncate(stream.seek(0))
        given = {"DATABASE_URL": "postgresql://there", "BACKUP_RECIPIENTS": RECIPIENT, **self.variables}
        doors = Doors(
            choose=lambda **_: Cloud(given, self.is_local),
            aws=lambda cloud, region: self._client,
            objects=lambda clients, name: self.objects.setdefault(name, MemoryObjects(name)),
            media_bucket=lambda clients, name: self.bucket,
            media_names=self._names,
            application=lambda root, variables: self,  # type: ignore[arg-type,return-value] # what is asked of it, we answer
        )
        return main(words, Context(doors, Output(self.said, self.told)))

    def ask(self, question: str) -> Any:
        """As the application would."""
        if not self.starts:
            raise ExplainedError("cannot ask the application", "it does not start")
        return [COLUMN]

    def json(self, *words: str) -> Any:
        """What one that ends well prints for programs."""
        assert self.run(*words, "--json") == DONE
        return json.loads(self.said.getvalue())

    @property
    def backups(self) -> MemoryObjects:
        return self.objects[f"cams-staging-backups-{ACCOUNT}"]

    def _names(self, url: str, table: str, column: str) -> Iterator[str]:
        assert (url, table, column) == ("postgresql://there", "exams_paper", "scan")
        if self.unreachable:
            raise ExplainedError("cannot read which files it names", "it is not there")
        yield from self.named

    def _client(self, service: str) -> Any:
        return self

    def get_caller_identity(self) -> dict[str, str]:
        """Of STS."""
        return {"Account": ACCOUNT, "Arn": "arn:aws:iam::123456789012:user/me"}

    def get_secret_value(self, **_: str) -> dict[str, str]:
        """Of Secrets Manager."""
        return {"SecretString": str(IDENTITY)}

    def put_metric_data(self, **given: Any) -> None:
        """Of CloudWatch."""
        self.metrics += [(one["MetricName"], one["Value"]) for one in given["MetricData"]]
