"""`secret`: what is refused before any cloud is reached, and what is shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any, NoReturn

import pytest

from console.errors import FAILED, REFUSED, ExplainedError
from infra.load import from_file
from ops import __main__ as command
from ops.commands.secret.list import row, shown
from ops.doors.cloud import Cloud
from ops.environments.approval import approve
from ops.secrets.vault import Entry, Vault, unlock
from tests.support.account_fakes import Account, refused

CHANGED = datetime(2026, 11, 26, 7, 30, 5, tzinfo=timezone(timedelta(hours=2)))
STACK = from_file("dev")
REAL = Cloud({"RENDER_OWNER_ID": "tea-1"}, is_local=False)


@pytest.mark.parametrize("value", ["canary", "--value=canary", "-----BEGIN canary", "-canary"])
def test_a_value_is_never_an_argument(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It is refused with the reason, and not repeated."""
    assert command.main(["secret", "set", "staging", "SENTRY_DSN", value]) == 2

    said = capsys.readouterr().err
    assert "would stay in the shell's history" in said
    assert "list of processes" in said
    assert "canary" not in said


@pytest.mark.parametrize("name", ["SENTRY_DSN=canary", "sentry_dsn", "DATABASE_URL", ""])
def test_a_wrong_name_is_wrong_use(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Before a value is asked for."""
    assert command.main(["secret", "set", "staging", name]) == 2

    said = capsys.readouterr().err
    assert said.startswith("error: cannot keep a secret of that name: ")
    assert "canary" not in said


def test_nothing_changes_on_real_clouds_without_yes() -> None:
    """Exit code 3, with the same command and --yes; the local cloud needs none."""
    with pytest.raises(ExplainedError) as told:
        approve(REAL, STACK, "replace A_KEY", "secret set dev A_KEY", yes=False)

    assert told.value.code == REFUSED
    assert str(told.value) == (
        "refused: this would replace A_KEY of dev in AWS account 123456789012, "
        "and nothing there changes without --yes"
        "\n\nhint: ./slipway secret set dev A_KEY --yes"
    )
    approve(REAL, STACK, "replace A_KEY", "secret set dev A_KEY", yes=True)
    approve(Cloud({}, is_local=True), STACK, "replace A_KEY", "secret set dev A_KEY", yes=False)


def test_the_list_says_declared_set_and_when() -> None:
    """For people and for programs, in UTC."""
    entries = [Entry("A_KEY", declared=True, changed=CHANGED), Entry("LONG_KEY", declared=False, changed=None)]

    assert [row(entry, 8) for entry in entries] == [
        "A_KEY     declared      set      2026-11-26 05:30:05 UTC",
        "LONG_KEY  not declared  missing",
    ]
    assert [shown(entry) for entry in entries] == [
        {"name": "A_KEY", "declared": True, "set": True, "changed": "2026-11-26T05:30:05Z"},
        {"name": "LONG_KEY", "declared": False, "set": False, "changed": None},
    ]


class Manager:
    """A vault that refuses, and repeats in its words what it was given."""

    def describe_secret(self, **_: object) -> dict[str, Any]:
        return {"VersionIdsToStages": {"1": ["AWSCURRENT"]}, "LastChangedDate": datetime.now(UTC)}

    def put_secret_value(self, **sent: str) -> NoReturn:
        raise refused(f"AccessDeniedException: {sent['SecretString']} is not for you")


def test_what_the_vault_refuses_is_told_without_the_value() -> None:
    """In one piece, with what to do."""
    vault = Vault(from_file("staging"), Manager(), None)

    with pytest.raises(ExplainedError) as told:
        vault.put("A_KEY", "canary")

    assert told.value.code == FAILED
    assert str(told.value).startswith("cannot write to the vault of staging: An error occurred (AccessDenied")
    assert str(told.value).endswith("\n\nhint: once that is mended, run the same command again")
    assert "canary" not in str(told.value)


def test_the_vault_of_another_account_stays_shut() -> None:
    """Exit code 3, before anything is read."""
    stranger = Account("999999999999")

    with pytest.raises(ExplainedError, match=r"^refused: the credentials belong to AWS account 999999999999") as told:
        unlock(from_file("staging"), lambda service: stranger)

    assert told.value.code == REFUSED
