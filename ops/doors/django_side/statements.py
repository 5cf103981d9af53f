"""The SQL of each operation, collected at an empty database that has what went before: the very statements."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AlterField, RunPython, RunSQL
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import CharField, TextField
from django_migration_linter import MigrationLinter
from django_migration_linter.sql_analyser.analyser import analyse_sql_statements
from django_migration_linter.sql_analyser.postgresql import PostgresqlAnalyser

from ops.doors.django_side import graph


def collect(new: list[str]) -> list[dict[str, Any]]:
    """What each new migration does; nothing of what needs one that fails.

    With it goes what the code had given up by then: columns that a model had, and which migration took them out.
    """
    loader, wanted = MigrationLoader(None), set(new)
    state, answer = ProjectState(), []
    gone: dict[tuple[str, str], str] = {}
    failed: set[tuple[str, str]] = set()
    for migration in graph.in_order(loader):
        if failed & {(app, name) for app, name in migration.dependencies}:
            failed.add((migration.app_label, migration.name))
            continue
        is_new, before = _key(migration) in wanted, _columns(state)
        told = _one(migration, state, tell=is_new)
        if is_new or told["error"]:
            answer.append(told | {"gone": [(*column, since) for column, since in gone.items()]})
        if told["error"]:
            failed.add((migration.app_label, migration.name))
            continue
        now = _columns(state)
        gone |= dict.fromkeys(before - now, _key(migration))
        gone = {column: since for column, since in gone.items() if column not in now}
    return answer


def _key(migration: Migration) -> str:
    return f"{migration.app_label}.{migration.name}"


def _columns(state: ProjectState) -> set[tuple[str, str]]:
    """Tables and their columns; each table has one without a name, too."""
    found = set()
    for (app, _), model in state.models.items():
        table = model.options.get("db_table") or f"{app}_{model.name_lower}"
        found.add((table, ""))
        for name, field in model.fields.items():
            if field.many_to_many:
                found.add((getattr(field, "db_table", None) or f"{table}_{name}", ""))
            else:
                found.add((table, field.db_column or (f"{name}_id" if field.is_relation else name)))
    return found


def _one(migration: Migration, state: ProjectState, *, tell: bool) -> dict[str, Any]:
    operations: list[dict[str, Any]] = []
    error = ""
    for operation in migration.operations:
        before, told = state.clone(), {}
        operation.state_forwards(migration.app_label, state)
        try:
            told = _told(migration, operation, before, state) if tell else {}
            with connection.schema_editor(atomic=migration.atomic) as editor:
                operation.database_forwards(migration.app_label, editor, before, state)
        except Exception as wrong:  # noqa: BLE001 - whatever the migration's own code raises
            said = (str(wrong).strip() or "no reason given").splitlines()[0]
            error = f"{operation.describe()}: {type(wrong).__name__}: {said}"
            operations += [told | {"back": []}] if told else []
            break
        operations.append(told | {"back": _backwards(migration, operation, before, state) if tell else []})
    return {"app": migration.app_label, "name": migration.name, "operations": operations, "error": error}


def _told(migration: Migration, operation: Operation, before: ProjectState, after: ProjectState) -> dict[str, Any]:
    sql = _sql(migration, operation, before, after)
    return {
        "text": operation.describe(),
        "sql": sql,
        "linted": sorted({*_lint(sql), *_lint_code(operation)}),
        "writes_data": graph.writes_data(operation),
        "widens": _widens(migration.app_label, operation, before, after),
    }


def _sql(migration: Migration, operation: Operation, before: ProjectState, after: ProjectState) -> list[str]:
    if isinstance(operation, RunPython):
        return []
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        operation.database_forwards(migration.app_label, editor, before, after)
    return _statements(editor.collected_sql)


def _backwards(migration: Migration, operation: Operation, before: ProjectState, after: ProjectState) -> list[str]:
    if isinstance(operation, RunPython) or not graph.reversible(operation):
        return []
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        operation.database_backwards(migration.app_label, editor, after, before)
    return _statements(editor.collected_sql)


def _statements(collected: Collection[str]) -> list[str]:
    return [statement for statement in map(str, collected) if not statement.lstrip().startswith("--")]


def _lint(sql: list[str]) -> list[str]:
    """What django-migration-linter says of the statements: its codes."""
    errors, _, warnings = analyse_sql_statements(PostgresqlAnalyser, sql)
    return [issue.code for issue in (*errors, *warnings)]


def _lint_code(operation: Operation) -> list[str]:
    """What it says of Python and of whether there is a way back; it does not look into an operation of others."""
    linter = MigrationLinter(no_cache=True, no_output=True, analyser_string="postgresql")
    codes = []
    for part in graph.parts(operation):
        if isinstance(part, RunPython):
            errors, _, warnings = linter.lint_runpython(part)
            codes += [issue.code for issue in (*errors, *warnings)]
        elif isinstance(part, RunSQL) and not part.reversible:
            codes.append("RUNSQL_REVERSIBLE")
    return codes


def _widens(app: str, operation: Operation, before: ProjectState, after: ProjectState) -> bool:
    """Whether it only lets a text be longer: PostgreSQL rewrites nothing, and the code before writes what fits."""
    if not isinstance(operation, AlterField):
        return False
    model, name = operation.model_name.lower(), operation.name
    old, new = (state.models[app, model].get_field(name) for state in (before, after))
    if not isinstance(old, CharField) or not isinstance(new, CharField | TextField):
        return False
    old_said, new_said = (_said(field) for field in (old, new))
    longer = new.max_length is None or (old.max_length is not None and new.max_length >= old.max_length)
    return longer and old_said == new_said


def _said(field: CharField[Any, Any] | TextField[Any, Any]) -> str:
    said = {
        name: str(value) for name, value in field.deconstruct()[3].items() if name not in ("max_length", "default")
    }
    return json.dumps(said, sort_keys=True)
