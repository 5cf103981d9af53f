"""`backup create`, `list` and `show`, as people and programs see them."""

from __future__ import annotations

import json

from ops.__main__ import main
from tests.support.account_fakes import Account
from tests.support.backup_fakes import FakeDatabase, Scene


def scene(database: FakeDatabase | None = None) -> Scene:
    """With an account that is the stack file's."""
    return Scene(database or FakeDatabase(), services={"sts": Account()})


def printed(there: Scene, *words: str) -> str:
    """What a command prints; it has to succeed."""
    there.printed.seek(0)
    there.printed.truncate()
    assert main(["backup", *words], there.context) == 0, there.said.getvalue()
    return there.printed.getvalue()


def test_a_backup_is_made_listed_and_shown() -> None:
    """Under the same name in all three."""
    there = scene()

    made = json.loads(printed(there, "create", "staging", "--json"))
    [listed] = json.loads(printed(there, "list", "staging", "--json"))
    shown = json.loads(printed(there, "show", "staging", "--json"))

    assert made["backup"] == listed["id"] == shown["id"]
    assert listed["size"] > made["stored bytes"] > 0


def test_people_read_what_a_backup_holds() -> None:
    """Its tables, its parts, who opens it; and a list with sizes as people say them."""
    there = scene()
    printed(there, "create", "staging")

    assert "kept" in printed(there, "list", "staging")
    told = printed(there, "show", "staging", "latest")
    assert "public.exam: 3 rows" in told
    assert "opened by" in told


def test_an_empty_list_says_how_to_make_one() -> None:
    """It is no error."""
    there = scene()

    assert printed(there, "list", "staging", "--json") == "[]\n"
    assert "./slipway backup create staging" in there.said.getvalue()


def test_a_backup_that_fails_ends_with_1() -> None:
    """For whoever runs it on a schedule."""
    there = scene(FakeDatabase(breaks_at="*"))
    there.variables.pop("BACKUP_RECIPIENTS")

    assert main(["backup", "create", "staging"], there.context) == 2
    assert there.watch.told == [("BackupCompleted", 0)]
