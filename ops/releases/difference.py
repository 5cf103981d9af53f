"""What one environment has and another has not: commits, migrations, configuration, packages. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from infra.config import Stack
from infra.release import Release

Pairs = dict[str, tuple[str, str]]
"""What differs: how it is here, and how there. Empty where it is missing."""

ITS_OWN = ("environment", "branch", "domains", "allowed_hosts", "backups", "alarms", "aws", "secrets", "variables")
"""Settings that are another's in each environment, or are compared by themselves."""
ITS_OWN_VARIABLES = ("ENVIRONMENT", "STORAGE_BUCKET")


def configuration(here: Stack, there: Stack) -> Pairs:
    """Settings and plain variables that differ by what they mean; of secrets the names alone."""
    ours, theirs = (_flat(stack.model_dump(mode="json", exclude=set(ITS_OWN))) for stack in (here, there))
    variables = [
        {f"variables/{name}": value for name, value in stack.plain_variables.items() if name not in ITS_OWN_VARIABLES}
        for stack in (here, there)
    ]
    secrets = [{f"secrets/{name}": "declared" for name in stack.secrets} for stack in (here, there)]
    return differing(ours | variables[0] | secrets[0], theirs | variables[1] | secrets[1])


def settings(before: Stack, after: Stack) -> Pairs:
    """What one environment's file declares otherwise than it did."""
    return differing(*(_flat(stack.model_dump(mode="json")) for stack in (before, after)))


def migrations(here: Release | None, there: Release | None) -> dict[str, list[str]]:
    """Which only one of them has; empty where a record says nothing of them."""
    ours, theirs = ([one.name for one in release.migrations] if release else [] for release in (here, there))
    if not ours or not theirs:
        return {"here": [], "there": []}
    return {
        "here": [name for name in ours if name not in theirs],
        "there": [name for name in theirs if name not in ours],
    }


def differing(here: Mapping[str, str], there: Mapping[str, str]) -> Pairs:
    """Of names and what they stand for."""
    names = sorted({*here, *there})
    return {name: (here.get(name, ""), there.get(name, "")) for name in names if here.get(name) != there.get(name)}


def _flat(value: Any, path: Sequence[str] = ()) -> dict[str, str]:
    """Settings by their paths; what is not set is not there."""
    if isinstance(value, dict):
        return {name: one for key, part in value.items() for name, one in _flat(part, [*path, key]).items()}
    return {} if value in (None, [], ()) else {"/".join(path): str(value)}
