"""What uv.lock has, and what of it somebody needs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
Need = Mapping[str, Any]


def locked() -> dict[str, dict[str, Any]]:
    """Every package of uv.lock by name."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    return {package["name"]: package for package in lock["package"]}


def versions(packages: Mapping[str, Need], needs: Iterable[Need]) -> dict[str, str]:
    """The locked versions of those and all that they need."""
    todo = [(need["name"], tuple(need.get("extra", ()))) for need in needs]
    found: set[tuple[str, tuple[str, ...]]] = set()
    while todo:
        name, extras = todo.pop()
        if (name, extras) in found:
            continue
        found.add((name, extras))
        package = packages[name]
        further = list(package.get("dependencies", ()))
        for extra in extras:
            further += package["optional-dependencies"][extra]
        todo += [(need["name"], tuple(need.get("extra", ()))) for need in further]
    return {name: packages[name]["version"] for name, _ in found}


def pinned(requirements: Path) -> dict[str, str]:
    """What a file of requirements names, and which version of each."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", requirements.read_text(), flags=re.MULTILINE))
