"""Which repository this checkout is, as the stack files say: so tokens and their subjects fit the roles' trust."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from localcloud.machine.paths import checkout


@dataclass(frozen=True)
class Declared:
    """A repository by names and numbers."""

    owner: str
    owner_number: int
    name: str
    number: int


def declared(root: Path | None = None) -> Declared:
    """The `github` setting of the first stack file that has one, else the checkout's own name."""
    root = root or checkout()
    for path in sorted(root.glob("Pulumi.*.yaml")):
        for name, value in _settings(path).items():
            if name.endswith(":github") and isinstance(value, dict):
                return Declared(
                    owner=str(value["organization"]),
                    owner_number=int(value["organization_id"]),
                    name=str(value["repository"]),
                    number=int(value["repository_id"]),
                )
    return Declared("local", 1, re.sub(r"[^A-Za-z0-9._-]+", "-", root.name) or "repository", 1)


def _settings(path: Path) -> dict[str, Any]:
    try:
        return dict((yaml.safe_load(path.read_text()) or {}).get("config") or {})
    except (yaml.YAMLError, OSError, TypeError, ValueError):
        return {}  # whoever deploys it is told what is wrong with it
