"""What may be wrong with a migration: the rules, why each is one, and the way that a release can go instead."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """`breaks`: the release before does not live with it; otherwise that one waits, or there is no way back."""

    breaks: bool
    why: str
    way: str


CONTRACT = (
    "expand, then contract: this release stops using it (for Django, SeparateDatabaseAndState with the state's part "
    "alone), and the next one, whose release before knows it no more, drops it"
)
RULES = {
    "drop-column": Rule(True, "the release before names every column of a table in each query", CONTRACT),
    "drop-table": Rule(True, "the release before still reads and writes the table", CONTRACT),
    "rename-column": Rule(
        True,
        "the release before knows only the old name",
        "keep the name with db_column=; or add the new column, write both, copy, read the new one, and drop the old "
        "one a release later",
    ),
    "rename-table": Rule(
        True, "the release before knows only the old name", "keep the name with db_table in the model's Meta"
    ),
    "rename-object": Rule(
        True, "the release before knows only the old name", "add the new one beside it, and drop the old one later"
    ),
    "drop-object": Rule(True, "the release before may still use it", CONTRACT),
    "not-null": Rule(
        True,
        "the release before inserts rows without that value, or with none",
        "give the database the default: db_default=; or null=True now, and NOT NULL once every release that runs "
        "writes it",
    ),
    "drop-default": Rule(
        True, "the release before leaves the value to the database", "drop the default a release later"
    ),
    "change-type": Rule(
        True,
        "the table is rewritten under ACCESS EXCLUSIVE, and the release before reads and writes the old type",
        "add a column of the new type, write both, copy in portions, read the new one, drop the old a release later",
    ),
    "add-unique": Rule(
        True,
        "the release before may write what is refused from then on, and the index is built under a lock",
        "release the code that writes no duplicates first; then CREATE UNIQUE INDEX CONCURRENTLY in a migration with "
        "atomic = False, and ADD CONSTRAINT … USING INDEX",
    ),
    "add-check": Rule(
        True,
        "the release before may write what is refused from then on",
        "release the code that keeps to it first; then AddConstraintNotValid, and ValidateConstraint in another one",
    ),
    "validate": Rule(
        False,
        "all rows are looked at while nobody can write",
        "AddConstraintNotValid, and ValidateConstraint in a migration of its own (django.contrib.postgres)",
    ),
    "add-foreign-key": Rule(
        False,
        "SHARE ROW EXCLUSIVE on both tables while all rows are looked at: nobody can write to either",
        "db_constraint=False and an index that is made concurrently; then ADD CONSTRAINT … NOT VALID, and VALIDATE "
        "CONSTRAINT in a migration of its own",
    ),
    "add-index": Rule(
        False,
        "nobody can write to the table until the index is built",
        "AddIndexConcurrently in a migration with atomic = False (django.contrib.postgres.operations)",
    ),
    "drop-index": Rule(
        False,
        "ACCESS EXCLUSIVE on the table, behind every query that runs",
        "RemoveIndexConcurrently in a migration with atomic = False (django.contrib.postgres.operations)",
    ),
    "reindex": Rule(False, "nobody can write to the table meanwhile", "REINDEX … CONCURRENTLY, atomic = False"),
    "volatile-default": Rule(
        False,
        "the table is rewritten under ACCESS EXCLUSIVE, because each row gets a value of its own",
        "add the column with null=True, and fill it in portions in a migration of its own",
    ),
    "irreversible": Rule(
        False,
        "a rollback could not take it back",
        "say what goes back: reverse_code or reverse_sql, and noop where nothing has to be done",
    ),
    "model-import": Rule(
        False,
        "it uses the model of today's code, which is another one once this migration is older",
        "apps.get_model(app, model)",
    ),
    "data-with-schema": Rule(
        False,
        "what the change of the schema locks stays locked until all rows are written",
        "write the rows in a migration of its own, in portions and with atomic = False",
    ),
    "concurrently-in-transaction": Rule(False, "PostgreSQL refuses that", "atomic = False"),
    "fails": Rule(True, "it cannot even be applied to an empty database", "mend it"),
    "models-differ": Rule(
        True,
        "the models say what no migration brings about",
        "python manage.py makemigrations, and look at what it wrote",
    ),
    "released-edited": Rule(
        True,
        "a database that has applied it never applies it again: its schema differs from that of a new one",
        "put it back as it was (git checkout COMMIT -- FILE), and write a migration that follows it",
    ),
    "released-gone": Rule(
        True,
        "databases have applied it: one of another name is applied once more, and what follows it has nothing before",
        "put it back (git checkout COMMIT -- FILE); to have fewer of them, release one with replaces = […] first",
    ),
    "override-unused": Rule(False, "the exception is for nothing, and would hide the next one", "take it out"),
    "override-unknown": Rule(False, "no rule has that name", "name one that a finding names"),
    "override-without-reason": Rule(False, "nobody can review it", "say in a sentence why that is all right here"),
}
REHEARSED = {
    "lock": "held a lock that makes the release before wait for too long",
    "code-before": "made the release before fail",
    "reverse": "could not be taken back, or not without a loss",
}
"""What only a rehearsal can find, with the same exceptions."""

LINTER = "django-migration-linter"
SQUAWK = "squawk"
OURS = "slipway"
OF_LINTER = {
    "ADD_UNIQUE": "add-unique",
    "ALTER_COLUMN": "change-type",
    "CREATE_INDEX": "add-index",
    "CREATE_INDEX_EXCLUSIVE": "add-index",
    "DROP_COLUMN": "drop-column",
    "DROP_INDEX": "drop-index",
    "DROP_TABLE": "drop-table",
    "NOT_NULL": "not-null",
    "REINDEX": "reindex",
    "RENAME_COLUMN": "rename-column",
    "RENAME_TABLE": "rename-table",
    "RUNPYTHON_MODEL_IMPORT": "model-import",
    "RUNPYTHON_REVERSIBLE": "irreversible",
    "RUNSQL_REVERSIBLE": "irreversible",
}
OF_SQUAWK = {
    "adding-field-with-default": "volatile-default",
    "adding-foreign-key-constraint": "add-foreign-key",
    "adding-not-nullable-field": "not-null",
    "adding-required-field": "not-null",
    "adding-serial-primary-key-field": "volatile-default",
    "ban-concurrent-index-creation-in-transaction": "concurrently-in-transaction",
    "ban-drop-column": "drop-column",
    "ban-drop-default": "drop-default",
    "ban-drop-domain": "drop-object",
    "ban-drop-function": "drop-object",
    "ban-drop-schema": "drop-object",
    "ban-drop-sequence": "drop-object",
    "ban-drop-table": "drop-table",
    "ban-drop-type": "drop-object",
    "ban-drop-view": "drop-object",
    "changing-column-type": "change-type",
    "constraint-missing-not-valid": "validate",
    "disallowed-unique-constraint": "add-unique",
    "renaming-column": "rename-column",
    "renaming-object": "rename-object",
    "renaming-table": "rename-table",
    "require-concurrent-index-creation": "add-index",
    "require-concurrent-index-deletion": "drop-index",
    "require-concurrent-reindex": "reindex",
}
"""One that is not here is told under its own name: a newer squawk knows more."""

LEFT_OUT = (
    # Taste, or Django's own choice for every project.
    "ban-char-field", "prefer-bigint-over-int", "prefer-bigint-over-smallint", "prefer-identity", "prefer-repack",
    "prefer-robust-stmts", "prefer-text-field", "prefer-timestamp-tz", "require-enum-value-ordering",
    "identifier-too-long",    "require-table-schema",
    # Of the session, not of the statement.
    "require-lock-timeout", "require-statement-timeout", "require-timeout-settings",
    # What gives the release before more room breaks nothing, and is how a column is given up.
    "ban-drop-not-null", "ban-drop-constraint", "ban-drop-index", "ban-add-column", "ban-set-default",
    "ban-add-enum-value",
)  # fmt: skip
TASTE = {"RUNPYTHON_ARGS_NAMING_CONVENTION", "RUNPYTHON_MODEL_VARIABLE_NAME"}
"""Codes of django-migration-linter that are taste."""
