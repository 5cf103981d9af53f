"""What is declared of personal data, what is missing, and the plan that follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from console.errors import REFUSED, ExplainedError
from ops.doors.postgres_masks import Column, MaskError, Update
from ops.restores import masks
from ops.restores.masks import Mask

NAME = Column(
    table="people",
    name="name",
    relation="public.people",
    quoted="name",
    is_partitioned=False,
    type="varchar",
    kind="b",
    is_array=False,
    length=100,
    required=True,
)
KEEP, HASH, NULL, EMPTIED = (Mask(rule=rule) for rule in ("keep", "hash", "null", "emptied"))
EMAIL = Mask(rule="fake", value="email")


@dataclass
class Copied:
    """A copied database that carries nothing out."""

    found: list[Column] = field(default_factory=lambda: [NAME])
    objects: int = 0
    fails: str = ""
    salts: list[str] = field(default_factory=list)
    done: list[tuple[Sequence[str], Sequence[Update], bool]] = field(default_factory=list)

    def columns(self, url: str) -> Sequence[Column]:
        """Those it was made with."""
        return self.found

    def large_objects(self, url: str) -> int:
        """The same."""
        return self.objects

    def apply(
        self,
        url: str,
        *,
        salt: str,
        emptied: Sequence[str],
        updates: Sequence[Update],
        without_large_objects: bool = False,
    ) -> dict[str, int]:
        """Note it."""
        if self.fails:
            raise MaskError(self.fails)
        self.salts.append(salt)
        self.done.append((emptied, updates, without_large_objects))
        return {update.relation: 1 for update in updates}


def test_a_column_that_nobody_declares_is_a_problem() -> None:
    """Text, birthdays, addresses of the net, documents and arrays; not a number, a moment or a choice."""
    kinds = ("text", "date", "inet", "jsonb", "bytea", "int4", "timestamptz", "uuid", "bool")
    columns = [replace(NAME, name=kind, type=kind, length=None) for kind in kinds]
    columns += [replace(NAME, name="tags", type="text", is_array=True), replace(NAME, type="mood", kind="e")]

    found = masks.problems(columns, {})

    assert found == [
        "people.text: text is not declared",
        "people.date: date is not declared",
        "people.inet: inet is not declared",
        "people.jsonb: jsonb is not declared",
        "people.bytea: bytea is not declared",
        "people.tags: text[] is not declared",
    ]


def test_what_is_kept_masked_or_left_out_is_declared() -> None:
    """By the column, or for the whole table."""
    assert masks.problems([NAME], {"people": {"name": KEEP}}) == []
    assert masks.problems([NAME], {"people": {"name": HASH}}) == []
    assert masks.problems([NAME], {"people": {"*": EMPTIED}}) == []


@pytest.mark.parametrize(
    ("column", "mask", "why"),
    [
        (NAME, NULL, "people.name: is never null, so it cannot be masked so"),
        (replace(NAME, type="jsonb"), HASH, "people.name: is jsonb, and only text can be masked by hash"),
        (replace(NAME, is_array=True), EMAIL, "people.name: is varchar[], and only text can be masked by fake"),
        (replace(NAME, length=20), EMAIL, "people.name: has 20 characters, and fake email needs 32"),
        (replace(NAME, length=4), HASH, "people.name: has 4 characters, and hash needs 8"),
        (NAME, Mask(rule="fake", value="iban"), "people.name: there is no fake iban: "),
        (replace(NAME, length=2), Mask(rule="constant", value="none"), "people.name: has 2 characters, and constant"),
    ],
)
def test_a_rule_that_cannot_be_carried_out_is_a_problem(column: Column, mask: Mask, why: str) -> None:
    """It is told before anything is done."""
    (found,) = masks.problems([column], {"people": {"name": mask}})

    assert found.startswith(why)


def test_large_objects_are_declared_too() -> None:
    """Nobody knows what they hold."""
    emptied = {"people": {"name": KEEP}, "pg_largeobject": {"*": EMPTIED}}

    assert masks.problems([NAME], {"people": {"name": KEEP}}, 3) == ["pg_largeobject: 3 are not declared"]
    assert masks.problems([NAME], emptied, 3) == []
    assert masks.plan([NAME], emptied).without_large_objects


def test_a_plan_has_one_statement_for_each_table_that_changes() -> None:
    """A partitioned table is changed with its parts; another one without those that inherit from it."""
    other = replace(NAME, table="log", relation="public.log", is_partitioned=True)
    kept, left = (replace(NAME, table=name, relation=f"public.{name}") for name in ("kept", "session"))
    declared = {
        "people": {"name": Mask(rule="constant", value="O'Neil")},
        "log": {"name": NULL},
        "kept": {"name": KEEP},
        "session": {"*": EMPTIED},
    }

    plan = masks.plan([NAME, other, kept, left], declared)

    assert plan.emptied == ("public.session",)
    assert plan.updates == (
        Update("public.people", ("name = 'O''Neil'",)),
        Update("public.log", ("name = NULL",), is_partitioned=True),
    )
    assert [update.rows for update in plan.updates] == ["ONLY public.people", "public.log"]


def test_what_is_declared_and_not_there_is_known() -> None:
    """Of a model that is gone, or misspelt."""
    declared = {"people": {"name": KEEP, "nmae": KEEP}, "gone": {"*": EMPTIED}, "pg_largeobject": {"*": EMPTIED}}

    assert masks.unknown([NAME], declared) == ["gone.*", "people.nmae"]


def test_each_clone_has_a_salt_of_its_own() -> None:
    """Two clones cannot be joined, and nobody can mask a guess and compare."""
    door = Copied()

    masks.mask(door, "postgresql://copy", {"people": {"name": HASH}})
    masks.mask(door, "postgresql://copy", {"people": {"name": HASH}})

    assert [len(salt) for salt in door.salts] == [64, 64]
    assert len(set(door.salts)) == 2


def test_nothing_is_masked_where_something_is_not_declared() -> None:
    """All that is wrong is told at once, and the command is refused."""
    door = Copied([NAME, replace(NAME, name="note", type="text", length=None)])

    with pytest.raises(ExplainedError) as refused:
        masks.mask(door, "postgresql://copy", {})

    assert refused.value.code == REFUSED
    assert "\n  people.name: varchar is not declared\n  people.note: text is not declared\n" in str(refused.value)
    assert door.done == []


def test_what_postgresql_refuses_is_told_in_its_words() -> None:
    """The copy is thrown away by whoever has made it."""
    with pytest.raises(ExplainedError, match="cannot mask the copy: duplicate key"):
        masks.mask(Copied(fails="duplicate key"), "postgresql://copy", {"people": {"name": HASH}})


def test_what_the_application_says_is_read() -> None:
    """As it comes out of its own process."""
    said = {"masks": {"people": {"name": {"rule": "fake", "value": "name"}}}}

    assert masks.declared(said) == {"people": {"name": Mask(rule="fake", value="name")}}
