"""What the edge serves for each service, kept on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from localcloud import paths


@dataclass(frozen=True)
class Static:
    """A folder of files with its rules."""

    folder: str
    routes: tuple[Mapping[str, str], ...] = ()
    headers: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Site:
    """One service as the edge sees it: files, running instances (`slots` of them), or neither."""

    service_id: str
    slug: str = ""
    domains: tuple[str, ...] = ()
    maintenance: bool = False
    maintenance_uri: str = ""
    static: Static | None = None
    slots: int = 0


def load() -> dict[str, Site]:
    """The sites of the last run; no instance runs yet."""
    try:
        content = json.loads(_file().read_text())
    except FileNotFoundError:
        return {}
    return {entry["service_id"]: _site(entry) for entry in content}


def save(sites: Mapping[str, Site]) -> None:
    """Keep them."""
    content = json.dumps([asdict(site) for site in sites.values()], indent=1)
    paths.write_atomically(_file(), content.encode())


def _site(entry: dict[str, Any]) -> Site:
    static = entry.pop("static")
    entry["domains"] = tuple(entry["domains"])
    found = Static(static["folder"], tuple(static["routes"]), tuple(static["headers"])) if static else None
    return Site(**{**entry, "static": found, "slots": 0})


def _file() -> Path:
    return paths.folder("render", "edge") / "sites.json"
