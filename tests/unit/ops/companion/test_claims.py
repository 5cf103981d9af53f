"""Claims on dumps in a bucket: without the right to write or read them, nothing is taken and nothing is stopped."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from console.errors import REFUSED, ExplainedError
from ops.companion.drops import Prefix
from ops.companion.memory import remembering
from ops.doors import aws
from ops.doors.objects import Entry, Stored
from tests.support.companion_fakes import World
from tests.support.fake_objects import MemoryObjects


class Refusing(MemoryObjects):
    """A bucket that refuses one kind of request below the claims, in AWS's words."""

    def __init__(self, operation: str, code: str) -> None:
        super().__init__("drops")
        self.put("in/monday.dump", [b"SELECT 1"])
        self.operation, self.code = operation, code

    def put(self, key: str, chunks: Iterable[bytes], *, once: bool = True, size_hint: int | None = None) -> Stored:
        self._ask("PutObject", key)
        return super().put(key, chunks, once=once, size_hint=size_hint)

    def head(self, key: str) -> Entry | None:
        self._ask("HeadObject", key)
        return super().head(key)

    def get(self, key: str) -> bytes:
        self._ask("GetObject", key)
        return super().get(key)

    def _ask(self, operation: str, key: str) -> None:
        if ".companion/" in key and operation == self.operation:
            with aws.told(f"cannot ask for {key}"):
                raise ClientError({"Error": {"Code": self.code, "Message": "no"}}, operation)


def refused(tmp_path: Path, operation: str, code: str) -> tuple[World, ExplainedError]:
    """What comes of a dump there."""
    (tmp_path / "drops").mkdir()
    world = World(tmp_path / "drops", tmp_path / "state.json")
    with remembering(world.state_file, world.folder) as memory, pytest.raises(ExplainedError) as caught:
        world.companion(memory, Prefix(Refusing(operation, code), "in/")).run(once=True)
    return world, caught.value


@pytest.mark.parametrize(
    ("operation", "code"), [("PutObject", "AccessDenied"), ("GetObject", "AccessDenied"), ("HeadObject", "403")]
)
def test_without_the_right_to_claims_nothing_is_taken(tmp_path: Path, operation: str, code: str) -> None:
    """What is missing is told, and where it is written; every service runs on."""
    world, error = refused(tmp_path, operation, code)

    what, _, hint = str(error).partition("\n\nhint: ")
    assert what.startswith(
        "refused to take monday.dump: the companion has no right to its claims below s3://drops/in/"
    )
    assert "s3:PutObject and s3:GetObject on arn:aws:s3:::drops/in/.companion/*" in hint
    assert "docs/runbooks/companion.md" in hint
    assert error.code == REFUSED
    assert (world.restored, world.services.said) == ([], [])


def test_another_failure_of_a_claim_is_told_as_it_is(tmp_path: Path) -> None:
    """It is no want of a right."""
    _, error = refused(tmp_path, "PutObject", "InternalError")

    assert "cannot ask for in/.companion/monday.dump" in str(error)
    assert error.code != REFUSED
