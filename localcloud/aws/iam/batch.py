"""Which of the objects of one DeleteObjects its caller may not delete; who carries it out leaves them alone."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar

from localcloud.aws.replies import AwsError

Names = tuple[str, str | None]  # a key, and the version where one is meant
refused: ContextVar[Mapping[Names, AwsError]] = ContextVar("refused", default={})  # noqa: B039 # never changed
