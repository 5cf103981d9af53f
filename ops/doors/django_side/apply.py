"""Applies what is pending, one migration at a time, and measures each; goes back the same way."""

from __future__ import annotations

from typing import Any

from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from ops.doors.django_side.graph import describe
from ops.doors.django_side.watch import Watch

FILES = """
    SELECT format('%I', c.relname), pg_relation_filenode(c.oid)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
"""

THINGS = """
    SELECT 'table ' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY (current_schemas(false))
    UNION ALL
    SELECT 'column ' || c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname = ANY (current_schemas(false))
    UNION ALL
    SELECT CASE WHEN i.indisvalid THEN 'index ' ELSE 'invalid index ' END || c.relname
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY (current_schemas(false))
    UNION ALL
    SELECT 'constraint ' || conname FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
    WHERE n.nspname = ANY (current_schemas(false)) AND contype <> 'n'
"""


def forwards() -> list[dict[str, Any]]:
    """What happened at each pending migration, in order, up to the first that fails."""
    _without_limits()
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return []
    executor.recorder.ensure_schema()
    state = executor._create_project_state(with_applied_migrations=True)  # type: ignore[attr-defined] # as `migrate` does it
    emit_pre_migrate_signal(0, False, "default", apps=state.apps, plan=plan)
    there = set(_files()) - {executor.recorder.Migration._meta.db_table}
    told: list[dict[str, Any]] = []
    for migration, _ in plan:
        state, one = _measured(executor, state, migration, there)
        told.append(one)
        if one["error"]:
            return told
    emit_post_migrate_signal(0, False, "default", apps=state.apps, plan=plan)
    return told


def from_nothing() -> dict[str, Any]:
    """Every migration there is, and what came of applying them all; in one process, for somebody waits."""
    return {"migrations": describe(), "applied": forwards()}


def _measured(
    executor: MigrationExecutor, state: ProjectState, migration: Migration, there: set[str]
) -> tuple[ProjectState, dict[str, Any]]:
    """Apply one; `there` are the tables that the code before knows, whose locks can hold somebody up."""
    files, things, watch, error = _files(), _things(), Watch(connection), ""
    began = watch.now()
    try:
        with connection.execute_wrapper(watch):
            state = executor.apply_migration(state, migration)
    except Exception as wrong:  # noqa: BLE001 - whatever the migration's own code raises
        error = f"{type(wrong).__name__}: {(str(wrong).strip() or 'no reason given').splitlines()[0]}"
    took = watch.now() - began
    watch.released()
    if error:
        connection.close()
        _without_limits()
    now = _files()
    rewritten = [table for table in files if table in now and now[table] != files[table] and table in there]
    return state, {
        "app": migration.app_label,
        "name": migration.name,
        "atomic": migration.atomic,
        "milliseconds": took * 1000,
        "locks": [lock.shown() for lock in watch.locks if lock.table in there],
        "rewritten": {table: _count(table) for table in rewritten},
        "error": error,
        "left": _left(things, _things(), atomic=migration.atomic) if error else [],
    }


def backwards(applied: list[str]) -> dict[str, Any]:
    """Reverse what was applied, the last one first; the reason where that fails."""
    _without_limits()
    executor = MigrationExecutor(connection)
    nodes = {f"{app}.{name}": node for (app, name), node in executor.loader.graph.nodes.items()}
    for key in reversed(applied):
        try:
            executor.migrate([], plan=[(nodes[key], True)])
        except Exception as wrong:  # noqa: BLE001 - whatever the migration's own code raises
            why = (str(wrong).strip() or "no reason given").splitlines()[0]
            return {"failed": key, "error": f"{type(wrong).__name__}: {why}"}
    return {"failed": "", "error": ""}


def _without_limits() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")


def _files() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(FILES)
        return dict(cursor.fetchall())


def _things() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(THINGS)
        return {thing for (thing,) in cursor.fetchall()}


def _left(before: set[str], after: set[str], *, atomic: bool) -> list[str]:
    """What a migration that failed has changed all the same; of one that is not atomic, each part stays."""
    found = [f"a new {thing}" for thing in sorted(after - before)]
    found += [f"no {thing} any more" for thing in sorted(before - after)]
    return found if atomic else [*found, "the rows that it had written by then"]


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - quoted by the server
        return int(cursor.fetchone()[0])
