"""Every column of every model is declared: personal and how it is masked, or nobody's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cams.masks import FAKES, fake

from ops.doors.application import Django
from ops.doors.postgres_masks import Column
from ops.restores import masks
from ops.restores.masks import Declared

NO_TABLE_OF_A_MODEL = {"django_migrations.app", "django_migrations.name"}  # Django's own, made by hand


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    """What the application answers when it is asked without a database."""
    key = "an-invented-key-that-is-long-enough-0123456789"
    app = Path(__file__).parents[3] / "app"
    answer: dict[str, Any] = Django(app, {"ENVIRONMENT": "dev", "DJANGO_SECRET_KEY": key}).ask("personal")
    return answer


def columns(said: dict[str, Any]) -> list[Column]:
    """As a database would have them."""
    return [column(one["table"], one["column"], one["type"], required=one["required"]) for one in said["columns"]]


def column(table: str, name: str, type: str, *, required: bool = True) -> Column:
    """By what Django calls its type, such as varchar(20)."""
    word, _, length = type.rstrip(")").partition("(")
    short = {"integer": "int4", "bigint": "int8", "smallint": "int2", "boolean": "bool"}.get(word, word)
    short = "timestamptz" if word.startswith("timestamp") else short
    size = int(length) if length.isdecimal() else None
    return Column(
        table=table,
        name=name,
        relation=table,
        quoted=name,
        is_partitioned=False,
        type=short,
        kind="b",
        is_array=False,
        length=size,
        required=required,
    )


def test_every_column_of_every_model_is_declared(said: dict[str, Any]) -> None:
    """A new one fails here, and would be refused by a clone: say in `personal.py` beside the model what it is."""
    assert masks.problems(columns(said), masks.declared(said)) == []
    assert len(said["columns"]) > 50


def test_nothing_is_declared_that_no_model_has(said: dict[str, Any]) -> None:
    """What was renamed is renamed there, too."""
    found = set(masks.unknown(columns(said), masks.declared(said)))

    assert found == NO_TABLE_OF_A_MODEL


def test_a_new_column_without_a_word_is_seen(said: dict[str, Any]) -> None:
    """Text of any kind, a day and a document; a number and a moment are nobody's name."""
    declared: Declared = masks.declared(said)
    new = [column("exams_exam", name, name) for name in ("text", "date", "jsonb", "bigint", "boolean")]

    assert [one.partition(":")[0] for one in masks.problems(new, declared)] == [
        "exams_exam.text",
        "exams_exam.date",
        "exams_exam.jsonb",
    ]


def test_both_sides_know_the_same_fakes() -> None:
    """The application declares them, and the copy is masked by them."""
    assert set(FAKES) == set(masks.FAKES)
    with pytest.raises(ValueError, match="no fake iban"):
        fake("iban")
