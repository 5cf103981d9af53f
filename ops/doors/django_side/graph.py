"""The migrations of the application and of its packages, as its code says them: no database is asked."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation

ACCEPTED = "ACCEPTED"
"""Beside a migration: the rules that it may break, each with the reviewed reason."""


def describe() -> list[dict[str, Any]]:
    """Every migration in an order in which they can be applied."""
    loader = MigrationLoader(None)
    return [described(migration) for migration in in_order(loader)]


def in_order(loader: MigrationLoader) -> list[Migration]:
    """Each after what it needs."""
    keys: dict[tuple[str, str], None] = {}
    for leaf in sorted(loader.graph.leaf_nodes()):
        keys.update(dict.fromkeys(loader.graph.forwards_plan(leaf)))
    return [loader.graph.nodes[key] for key in keys]


def described(migration: Migration) -> dict[str, Any]:
    """For programs."""
    module = sys.modules[migration.__module__]
    accepted = getattr(module, ACCEPTED, {})
    return {
        "app": migration.app_label,
        "name": migration.name,
        "replaces": [".".join(one) for one in migration.replaces],
        "file": str(Path(inspect.getfile(type(migration)))),
        "atomic": migration.atomic,
        "operations": [operation.describe() for operation in migration.operations],
        "reversible": all(reversible(operation) for operation in migration.operations),
        "accepted": {str(rule): str(reason) for rule, reason in dict(accepted).items()},
    }


def reversible(operation: Operation) -> bool:
    """Whether Django can go back; what an operation consists of is asked, too, which Django itself does not do."""
    return all(part.reversible for part in (operation, *parts(operation)))


def parts(operation: Operation) -> Iterator[Operation]:
    """What is done at the database by an operation that is made of others; else the operation itself."""
    if not isinstance(operation, SeparateDatabaseAndState):
        yield operation
        return
    for inner in operation.database_operations:
        yield from parts(inner)


def writes_data(operation: Operation) -> bool:
    """Whether it runs code or SQL of its own that could touch many rows."""
    for part in parts(operation):
        if isinstance(part, RunPython) and part.code is not RunPython.noop:
            return True
        if isinstance(part, RunSQL) and any(
            word in str(part.sql).upper() for word in ("UPDATE ", "DELETE ", "INSERT ")
        ):
            return True
    return False
