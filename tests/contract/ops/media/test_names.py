"""Which files a real database names, and which columns of a real Django say so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from console.errors import ExplainedError
from ops.doors import postgres
from ops.doors.application import Django
from ops.doors.media_names import names
from ops.doors.postgres import Scratch
from ops.media.inventory import Column
from ops.media.named import check, declared
from tests.support.django_project import Project
from tests.unit.ops.media import runs

ODD = ["Z", "a", "a b", "b/1.png", "É.pdf", "é.pdf", "日本.jpg", "😀.gif", "\uffee.txt"]


@pytest.fixture(scope="module")
def server() -> Iterator[Scratch]:
    """A PostgreSQL of this module's own."""
    with postgres.scratch("16", "") as one:
        yield one


def test_names_come_in_the_order_of_their_bytes(server: Scratch) -> None:
    """Whatever the database's own order: S3 lists so. Empty ones and NULL name nothing."""
    url = server.create("names")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute('CREATE SCHEMA "odd one"')
        connection.execute('CREATE TABLE "odd one"."Pa""per" (id serial, "Scan of" varchar(200))')
        for value in [*ODD, *ODD[:3], "", None]:
            connection.execute('INSERT INTO "odd one"."Pa""per" ("Scan of") VALUES (%s)', [value])

    found = list(names(url, 'odd one.Pa"per', "Scan of"))

    assert found == sorted(ODD)
    made = runs.of({name: b"x" for name in ODD if name != "日本.jpg"})
    missing = check(url, made.run(), [Column('odd one.Pa"per', "Scan of")])
    assert (missing.checked, missing.count) == (len(ODD), 1)
    assert missing.examples == {'odd one.Pa"per.Scan of': ["日本.jpg"]}


def test_a_column_that_is_gone_is_told(server: Scratch) -> None:
    """In PostgreSQL's words."""
    url = server.create("gone")

    with pytest.raises(ExplainedError, match=r'cannot read which files exams\.scan names: relation "exams" does not'):
        list(names(url, "exams", "scan"))


def test_models_say_which_columns_name_files(tmp_path: Path) -> None:
    """Each file field with its storage's folder, and what a model's own `MEDIA_KEYS` names."""
    project = Project(tmp_path, ["shop"])
    project.models("shop", MODELS)

    found = declared(Django(project.root, {}))

    assert found == (
        Column("shop_paper", "scan_file", "private/"),
        Column("shop_paper", "thumb"),
        Column("shop_paper", "video_key"),
    )


MODELS = """
from django.core.files.storage import FileSystemStorage

class InBucket(FileSystemStorage):
    location = "private/"

class Paper(models.Model):
    MEDIA_KEYS = ("video_key",)
    title = models.CharField(max_length=100)
    scan = models.FileField(storage=InBucket(), db_column="scan_file")
    thumb = models.FileField(upload_to="thumbs")
    video_key = models.CharField(max_length=200)

class Proxy(Paper):
    class Meta:
        proxy = True
"""
