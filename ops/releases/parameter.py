"""A parameter in SSM of which there is one, or none: a lock, a note of what is being done."""

from __future__ import annotations

from typing import Any

from infra.release import LONGEST
from ops.doors import aws

ABSENT = ("ParameterNotFound",)
THERE = ("ParameterAlreadyExists",)


def written(document: str) -> str:
    """JSON as SSM takes it: to SSM two braces name another parameter, so the second is written by its number.

    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
    """
    return document.replace("{{", "{\\u007b")


def fits(document: str) -> bool:
    """Whether a parameter has room for it."""
    return len(written(document).encode()) <= LONGEST


class Parameter:
    """A document in JSON: read, made only where there is none, replaced, and taken away."""

    def __init__(self, ssm: Any, name: str, what: str) -> None:
        self._ssm, self._name, self._what = ssm, name, what

    def read(self) -> str | None:
        """Its value; None where there is none."""
        with aws.told(f"cannot read {self._what}"):
            found = aws.answer(lambda: self._ssm.get_parameter(Name=self._name), unless=ABSENT)
        return str(found["Parameter"]["Value"]) if found else None

    def make(self, document: str) -> bool:
        """Whether there was none: of two that try at once AWS lets one."""
        with aws.told(f"cannot write {self._what}"):
            put = {"Name": self._name, "Value": written(document), "Type": "String", "Overwrite": False}
            return aws.answer(lambda: self._ssm.put_parameter(**put), unless=THERE) is not None

    def write(self, document: str) -> None:
        """Make or replace it."""
        with aws.told(f"cannot write {self._what}"):
            self._ssm.put_parameter(Name=self._name, Value=written(document), Type="String", Overwrite=True)

    def remove(self) -> None:
        """Take it away, if it is there."""
        with aws.told(f"cannot take away {self._what}"):
            aws.answer(lambda: self._ssm.delete_parameter(Name=self._name), unless=ABSENT)
