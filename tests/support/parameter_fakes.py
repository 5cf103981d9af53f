"""SSM's parameters as a plain object: what the records, the lock and the audit ask of it, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.release import LONGEST
from tests.support.account_fakes import refused

BEGAN = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
WRITER = "arn:aws:iam::123456789012:user/somebody"


@dataclass
class Parameters:
    """Every version of every parameter, a minute apart."""

    versions: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    writes: int = 0
    labelled: int = 0
    refuses: str = ""
    """The code that every call is answered with."""

    def get_parameter(self, Name: str) -> dict[str, Any]:  # noqa: N803 - AWS's own names
        name, _, label = Name.partition(":")
        labelled = [one for one in self._known(name) if not label or label in one["Labels"]]
        if not labelled:
            raise refused("ParameterVersionNotFound")
        return {"Parameter": labelled[-1]}

    def label_parameter_version(self, Name: str, ParameterVersion: int, Labels: list[str]) -> dict[str, Any]:  # noqa: N803 - AWS's own names
        for one in self._known(Name):
            one["Labels"] = [*Labels] if one["Version"] == ParameterVersion else []
        self.labelled += 1
        return {"InvalidLabels": [], "ParameterVersion": ParameterVersion}

    def put_parameter(self, **sent: Any) -> dict[str, Any]:
        if self.refuses:
            raise refused(self.refuses)
        if len(sent["Value"].encode()) > LONGEST or re.search(r"\{\{.*\}\}", sent["Value"]):
            raise refused("ValidationException")
        known = self.versions.setdefault(sent["Name"], [])
        if known and not sent.get("Overwrite"):
            raise refused("ParameterAlreadyExists")
        self.writes += 1
        version = {
            "Version": len(known) + 1,
            "Value": sent["Value"],
            "LastModifiedDate": BEGAN + timedelta(minutes=self.writes),
            "LastModifiedUser": WRITER,
            "Labels": [],
        }
        known.append(version)
        return {"Version": version["Version"]}

    def delete_parameter(self, Name: str) -> dict[str, Any]:  # noqa: N803 - AWS's own names
        self._known(Name)
        del self.versions[Name]
        return {}

    def get_paginator(self, operation: str) -> _History:
        assert operation == "get_parameter_history"
        return _History(self)

    def _known(self, name: str) -> list[dict[str, Any]]:
        if self.refuses:
            raise refused(self.refuses)
        if not self.versions.get(name):
            raise refused("ParameterNotFound")
        return self.versions[name]


@dataclass
class _History:
    """Two versions a page."""

    parameters: Parameters

    def paginate(self, Name: str) -> Iterator[dict[str, Any]]:  # noqa: N803 - AWS's own names
        known = self.parameters._known(Name)
        for start in range(0, len(known), 2):
            yield {"Parameters": known[start : start + 2]}
