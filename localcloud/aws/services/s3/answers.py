"""How S3's answers are written: by the model, with bodies that are sent a little at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core.serialize import S3Serializer

from localcloud.aws.services.s3.ask import Answer
from localcloud.aws.services.s3.bodies import Reading
from localcloud.aws.services.s3.documents import operation


@dataclass(frozen=True)
class Result:
    """What the model's output has, by its names; and what HTTP has beside that."""

    told: Mapping[str, Any] = field(default_factory=dict)
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Reading | None = None


def write(name: str, given: Result | dict[str, Any]) -> Answer:
    """The HTTP answer of that operation. What is None is left out."""
    answer = given if isinstance(given, Result) else Result(given)
    told = {member: value for member, value in answer.told.items() if value is not None}
    written = S3Serializer(operation(name)).serialize(told)
    ours = {name.lower() for name in answer.headers}
    plain = {name: value for name, value in written["headers"].items() if name.lower() not in ours}
    headers = {name: str(value) for name, value in {**plain, **answer.headers}.items()}
    if "Content-Length" in headers:
        headers["content-length"] = headers.pop("Content-Length")  # moto's way to keep that of an answer to HEAD
    return answer.status or written["status_code"], headers, answer.body or written["body"]
