"""A scratch server with a good database: the application's, with one of everything else beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

from ops.backups import contents
from ops.backups.contents import Contents
from ops.context import Context
from ops.doors import postgres
from ops.doors.application import Django
from ops.doors.postgres import Scratch
from ops.drills import constraints, indexes, released, sequences
from ops.drills.released import Fresh
from ops.environments.stacks import load
from ops.migrations.look import application
from tests.contract.ops.drills.cases import ROWS, SCHEMA

GOOD = "good"


@dataclass
class Ground:
    """The server, what the good database holds, and what the release makes of an empty one."""

    scratch: Scratch
    django: Django
    fresh: Fresh
    contents: Contents
    made: int = field(default=0)

    def copy(self, sql: str = "") -> str:
        """Of the good one, with something done to it."""
        self.made += 1
        url = self.scratch.create(f"copy{self.made}", template=GOOD)
        if sql:
            run(url, sql)
        return url

    def found(self, url: str) -> dict[str, list[str]]:
        """What each step finds there."""
        rows = postgres.rows
        return {
            "contents": contents.differences(self.contents, contents.read(url, jobs=2)),
            "sequences": sequences.behind(rows, url),
            "constraints": [
                *constraints.unchecked(rows, url),
                *constraints.silenced(rows, url),
                *constraints.broken(rows, url),
            ],
            "indexes": indexes.unused(rows, url),
            "migrations": released.differences(self.fresh, rows, url),
        }

    def drop(self, url: str) -> None:
        """It is not needed any more."""
        self.scratch.drop(url.rpartition("_")[2])


def run(url: str, sql: str) -> None:
    """Each statement, in one session."""
    statements: Any = sql
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statements)


@pytest.fixture(scope="session")
def ground() -> Iterator[Ground]:
    """One for all of them."""
    with postgres.scratch("16") as scratch:
        django = application(Context(), load("staging"))
        fresh = released.make(django, scratch, postgres.rows)
        url = scratch.create(GOOD)
        assert [one["error"] for one in django.ask("apply", url) if one["error"]] == []
        run(url, SCHEMA)
        run(url, ROWS)
        yield Ground(scratch, django, fresh, contents.read(url, jobs=2))
