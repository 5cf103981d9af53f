"""What a plan was made on. It may be carried out where all of it is still so, and nowhere else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from ops.environments.outputs import SECRET

LISTED = 10


@dataclass(frozen=True)
class Bound:
    """It holds no secret: of the vault's, the number of each value; of resources, a digest without what is secret."""

    environment: str
    commit: str
    tree: str
    release: str
    """The digest that is recorded; empty where nothing was released."""
    secrets: Mapping[str, str]
    resources: Mapping[str, str]
    """By URN: what Pulumi's state said of each."""
    engine: str
    """Pulumi's version. Its plans have no format that it keeps from one to the next."""
    at: str
    by: str

    @property
    def when(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.at)

    def shown(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)


def digests(resources: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Of each resource in a state. Ciphertexts are left out, because the same secret has another one next time.

    What is secret comes from what is not: from the vault's versions, or by the fingerprint of the configuration.
    """
    found: dict[str, str] = {}
    for one in resources:
        what = {name: _plain(one.get(name)) for name in ("type", "id", "inputs", "outputs", "protect", "delete")}
        urn = str(one.get("urn") or one["type"])
        text = found.get(urn, "") + json.dumps(what, sort_keys=True)  # one that is replaced is there twice
        found[urn] = hashlib.sha256(text.encode()).hexdigest()[:16]
    return found


def difference(planned: Bound, now: Bound, files: Iterable[str] | None) -> list[str]:
    """What has changed since, a line each; `files` differ between the two commits, None where that is not known."""
    told: list[str] = []
    if planned.tree != now.tree:
        which = "of a commit that this checkout does not have" if files is None else _listed([*files])
        told.append(f"files, from {planned.commit[:12]} to {now.commit[:12]}: {which}")
    if planned.release != now.release:
        told.append(f"release, from {_release(planned)} to {_release(now)}")
    if names := _differing(planned.secrets, now.secrets):
        told.append(f"secrets that were set anew: {', '.join(names)}")
    was, is_ = planned.resources, now.resources
    changed = [urn for urn in _differing(was, is_) if urn in was and urn in is_]
    for what, urns in (
        ("new", [urn for urn in is_ if urn not in was]),
        ("changed", changed),
        ("gone", [urn for urn in was if urn not in is_]),
    ):
        if urns:
            told.append(f"resources that are {what}: {_listed(sorted(_named(urn) for urn in urns))}")
    return told


def _plain(value: Any) -> Any:
    """The same without what is secret."""
    if isinstance(value, dict):
        return SECRET if SECRET in value else {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _differing(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    return sorted(name for name in {**one, **other} if one.get(name) != other.get(name))


def _release(bound: Bound) -> str:
    return bound.release[:19] or "none"


def _named(urn: str) -> str:
    """`Bucket media`, of a URN."""
    kind, _, name = urn.rpartition("::")
    return f"{kind.rpartition(':')[2]} {name}" if kind else urn


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more
