"""Uploads whose answers are lost, and whose parts grow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from console.errors import ExplainedError
from ops.doors.objects import S3Objects
from ops.doors.upload import DOUBLES, PARTS, SMALLEST, TOKEN, Upload
from tests.support.account_fakes import refused

TIB = 1 << 40


@dataclass
class S3:
    """Keeps what is put, and answers the first puts with these codes, after or before they took effect."""

    codes: list[str] = field(default_factory=list)
    took_effect: bool = False
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)

    def put_object(self, **sent: Any) -> dict[str, Any]:
        """Once."""
        code = self.codes.pop(0) if self.codes else ""
        if not code or self.took_effect:
            self.kept[sent["Key"]] = sent
        if code:
            raise refused(code)
        return {}

    def head_object(self, **asked: Any) -> dict[str, Any]:
        """With its metadata."""
        if asked["Key"] not in self.kept:
            raise refused("404")
        return {"Metadata": self.kept[asked["Key"]]["Metadata"]}


def test_ten_thousand_parts_hold_five_tebibytes() -> None:
    """Of a stream whose length nobody knows, and of one that is known to be so long."""
    unknown = Upload(None, "bucket", "key")
    known = Upload(None, "bucket", "key", size_hint=5 * TIB)

    assert unknown.length(1) == SMALLEST
    assert unknown.length(DOUBLES + 1) == 2 * SMALLEST
    assert sum(map(unknown.length, range(1, 10_001))) > 5 * TIB
    assert known.length(1) * PARTS >= 5 * TIB


def test_our_own_object_is_known_again() -> None:
    """The first answer was lost, the client has asked again by itself, and was told that there is one."""
    s3 = S3(["PreconditionFailed"], took_effect=True)

    stored = S3Objects(s3, "bucket").put("key", [b"content"])

    assert stored.size == 7
    assert len(s3.kept["key"]["Metadata"][TOKEN]) == 32


def test_somebody_elses_is_not_ours() -> None:
    """It is refused, and stays."""
    s3 = S3(["PreconditionFailed"], kept={"key": {"Metadata": {TOKEN: "theirs"}}})

    with pytest.raises(ExplainedError, match="there is one already"):
        S3Objects(s3, "bucket").put("key", [b"content"])


def test_a_conflict_is_tried_again() -> None:
    """Somebody else was about to write the same key, and did not."""
    s3 = S3(["ConditionalRequestConflict"])

    S3Objects(s3, "bucket").put("key", [b"content"])

    assert s3.kept["key"]["IfNoneMatch"] == "*"


def test_what_s3_refuses_is_told() -> None:
    """With where it was to lie."""
    with pytest.raises(ExplainedError, match="cannot store s3://bucket/key"):
        S3Objects(S3(["AccessDenied"]), "bucket").put("key", [b"content"])
