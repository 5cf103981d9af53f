"""Migrations that break the release before or make it wait, and those that do not, with what each must be told."""

from __future__ import annotations

from dataclasses import dataclass

L, S, OWN = "django-migration-linter", "squawk", "slipway"
BOTH = (L, S)


@dataclass(frozen=True)
class Case:
    """The second migration of an app, or the second and the third, and the rules that it breaks, with who says so."""

    name: str
    operations: str
    expected: tuple[tuple[str, tuple[str, ...]], ...] = ()
    before: str = ""
    atomic: bool = True
    released: str = ""
    """What the migration before it did, which the release before has."""


def sql(statement: str, reverse: str = "migrations.RunSQL.noop") -> str:
    """An operation of SQL."""
    return f'migrations.RunSQL("""{statement}""", {reverse})'


CODE = """
def fill(apps, schema_editor):
    Item = apps.get_model("{app}", "Item")
    Item.objects.update(note="x")
"""

BAD = (
    Case("drop_column", 'migrations.RemoveField("Item", "note")', (("drop-column", BOTH),)),
    Case("drop_table", 'migrations.DeleteModel("Item")', (("drop-table", BOTH),)),
    Case("rename_column", 'migrations.RenameField("Item", "note", "remark")', (("rename-column", BOTH),)),
    Case("rename_table", 'migrations.RenameModel("Item", "Thing")', (("rename-table", BOTH),)),
    Case("rename_db_table", 'migrations.AlterModelTable("Item", "things")', (("rename-table", BOTH),)),
    Case(
        "not_null_default",
        'migrations.AddField("Item", "size", models.IntegerField(default=1))',
        (("not-null", (L,)),),
    ),
    Case(
        "not_null_once",
        'migrations.AddField("Item", "size", models.IntegerField(default=1), preserve_default=False)',
        (("not-null", (L,)),),
    ),
    Case(
        "not_null_sql", sql("ALTER TABLE not_null_sql_item ADD COLUMN size integer NOT NULL"), (("not-null", BOTH),)
    ),
    Case(
        "set_not_null",
        'migrations.AlterField("Item", "note", models.TextField())',
        (("not-null", BOTH),),
    ),
    Case(
        "drop_default",
        'migrations.AlterField("Item", "count", models.IntegerField(default=0))',
        (("drop-default", (S,)),),
    ),
    Case(
        "add_index",
        'migrations.AddIndex("Item", models.Index(fields=["email"], name="add_index_email"))',
        (("add-index", BOTH),),
    ),
    Case(
        "db_index",
        'migrations.AlterField("Item", "count", models.IntegerField(db_default=0, db_index=True))',
        (("add-index", BOTH),),
    ),
    Case("drop_index", 'migrations.RemoveIndex("Item", "drop_index_title")', (("drop-index", BOTH),)),
    Case(
        "change_type",
        'migrations.AlterField("Item", "count", models.CharField(max_length=20, db_default="0"))',
        (("change-type", BOTH),),
    ),
    Case(
        "narrow_text",
        'migrations.AlterField("Item", "title", models.CharField(max_length=50))',
        (("change-type", BOTH),),
    ),
    Case(
        "add_unique",
        'migrations.AlterField("Item", "email", models.CharField(max_length=100, unique=True))',
        (("add-index", BOTH), ("add-unique", BOTH)),
    ),
    Case(
        "unique_constraint",
        'migrations.AddConstraint("Item", models.UniqueConstraint(fields=["email", "title"], name="un_c"))',
        (("add-unique", BOTH),),
    ),
    Case(
        "unique_together",
        'migrations.AlterUniqueTogether("Item", {("email", "title")})',
        (("add-unique", BOTH),),
    ),
    Case(
        "unique_where",
        """migrations.AddConstraint("Item", models.UniqueConstraint(
            fields=["email"], condition=models.Q(count=1), name="unique_where_u"))""",
        (("add-index", BOTH), ("add-unique", (L,))),
    ),
    Case(
        "add_check",
        'migrations.AddConstraint("Item", models.CheckConstraint(condition=models.Q(count__gt=-1), name="ad_c"))',
        (("add-check", (OWN,)), ("validate", (S,))),
    ),
    Case(
        "add_check_later",
        'AddConstraintNotValid("Item", models.CheckConstraint(condition=models.Q(count__gt=-1), name="al_c"))',
        (("add-check", (OWN,)),),
    ),
    Case(
        "add_foreign_key",
        'migrations.AddField("Item", "owner", models.ForeignKey("Owner", models.CASCADE, null=True))',
        (("add-foreign-key", (S,)), ("add-index", BOTH)),
    ),
    Case(
        "not_null_foreign_key",
        'migrations.AddField("Item", "owner", models.ForeignKey("Owner", models.CASCADE, default=1))',
        (("add-foreign-key", (S,)), ("add-index", BOTH), ("not-null", (L,))),
    ),
    Case(
        "python_one_way",
        "migrations.RunPython(fill)",
        (("irreversible", (L,)),),
        before=CODE,
    ),
    Case(
        "python_inside",
        "migrations.SeparateDatabaseAndState([migrations.RunPython(fill)])",
        (("irreversible", (L,)),),
        before=CODE,
    ),
    Case(
        "python_model",
        "migrations.RunPython(fill, migrations.RunPython.noop)",
        (("model-import", (L,)),),
        before="""
        def fill(apps, schema_editor):
            from types import SimpleNamespace as Item
            if False:
                Item.objects.all()
        """,
    ),
    Case("sql_one_way", 'migrations.RunSQL("SELECT 1")', (("irreversible", (L,)),)),
    Case("sql_drop", sql("ALTER TABLE sql_drop_item DROP COLUMN note"), (("drop-column", BOTH),)),
    Case(
        "sql_second_line",
        sql("ALTER TABLE sql_second_line_item\n  ADD COLUMN a text,\n  DROP COLUMN note"),
        (("drop-column", BOTH),),
    ),
    Case(
        "enum_renamed",
        sql("ALTER TYPE enum_renamed_mood RENAME VALUE 'a' TO 'b'"),
        (("rename-object", (S,)),),
        released=sql("CREATE TYPE enum_renamed_mood AS ENUM ('a')"),
    ),
    Case(
        "enum_dropped",
        sql("DROP TYPE enum_dropped_mood"),
        (("drop-object", (S,)),),
        released=sql("CREATE TYPE enum_dropped_mood AS ENUM ('a')"),
    ),
    Case(
        "volatile_default",
        sql("ALTER TABLE volatile_default_item ADD COLUMN token uuid DEFAULT gen_random_uuid()"),
        (("volatile-default", (S,)),),
    ),
    Case(
        "data_with_schema",
        """
        migrations.AddField("Item", "size", models.IntegerField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        """,
        (("data-with-schema", (OWN,)),),
        before=CODE,
    ),
    Case(
        "concurrently",
        sql("SELECT 1") + ", " + sql("CREATE INDEX CONCURRENTLY concurrently_email ON concurrently_item (email)"),
        (("concurrently-in-transaction", (S,)), ("fails", (OWN,))),
    ),
    Case("reindexed", sql("REINDEX TABLE reindexed_item"), (("reindex", BOTH),)),
)
GOOD = (
    Case("new_table", 'migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True)), '
         '("name", models.CharField(max_length=5, unique=True)), ("at", models.DateField(db_index=True))])'),
    Case(
        "new_table_then_more",
        """migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True)),
            ("owner", models.ForeignKey("Owner", models.CASCADE))])""",
    ),
    Case("nullable", 'migrations.AddField("Item", "size", models.IntegerField(null=True))'),
    Case("nullable_default", 'migrations.AddField("Item", "size", models.IntegerField(null=True, default=3))'),
    Case("default_of_database", 'migrations.AddField("Item", "size", models.IntegerField(db_default=3))'),
    Case("wider", 'migrations.AlterField("Item", "title", models.CharField(max_length=200))'),
    Case("without_limit", 'migrations.AlterField("Item", "title", models.TextField())'),
    Case("null_allowed", 'migrations.AlterField("Item", "email", models.CharField(max_length=100, null=True))'),
    Case(
        "index_concurrently",
        'AddIndexConcurrently("Item", models.Index(fields=["email"], name="index_concurrently_e"))',
        atomic=False,
    ),
    Case("index_gone_concurrently", 'RemoveIndexConcurrently("Item", "index_gone_concurrently_title")', atomic=False),
    Case("python_both_ways", "migrations.RunPython(fill, migrations.RunPython.noop)", before=CODE),
    Case("state_alone", 'migrations.SeparateDatabaseAndState([], [migrations.RemoveField("Item", "note")])'),
    Case("choices", 'migrations.AlterField("Item", "title", models.CharField(max_length=100, choices=[("a", "A")]))'),
    Case("enum_grown", sql("ALTER TYPE enum_grown_mood ADD VALUE 'c'"),
         released=sql("CREATE TYPE enum_grown_mood AS ENUM ('a')")),
    Case(
        "contract",
        sql("ALTER TABLE contract_item DROP COLUMN note"),
        released='migrations.SeparateDatabaseAndState([], [migrations.RemoveField("Item", "note")])',
    ),
    Case(
        "contract_table",
        sql("DROP TABLE contract_table_item"),
        released='migrations.SeparateDatabaseAndState([], [migrations.DeleteModel("Item")])',
    ),
)  # fmt: skip
