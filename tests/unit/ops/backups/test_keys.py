"""Keys of backups: made, written once for one's own eyes, found in the vault or in a file."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from console.errors import REFUSED, WRONG_USE, ExplainedError
from ops.__main__ import main
from ops.backups import keys
from ops.environments.stacks import load
from tests.support.account_fakes import refused
from tests.support.backup_fakes import IDENTITY, RECIPIENT, Scene

STACK = load("staging")


@dataclass
class Manager:
    """A vault with one secret, or without."""

    secret: str | None

    def get_secret_value(self, **asked: Any) -> dict[str, str]:
        """By the name that the environment's has."""
        assert asked == {"SecretId": "cams-staging/backup-key"}
        if self.secret is None:
            raise refused("ResourceNotFoundException")
        return {"SecretString": self.secret}


def test_a_recovery_key_is_written_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    """The recipient is printed, the identity never."""
    scene, file = Scene(), tmp_path / "recovery.key"

    assert main(["backup", "key", "staging", str(file)], scene.context) == 0

    key = keys.key(STACK, scene.client, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert key.recipients[0] in scene.printed.getvalue()
    assert "AGE-SECRET-KEY" not in scene.printed.getvalue() + scene.said.getvalue() + repr(key)
    assert main(["backup", "key", "staging", str(file)], scene.context) == REFUSED


def test_the_environments_own_key_is_in_the_vault() -> None:
    """Its recipient is what backups are sealed for."""
    found = keys.key(STACK, lambda service: Manager(IDENTITY))

    assert (found.kind, found.recipients) == (keys.OPERATIONAL, (RECIPIENT,))


@pytest.mark.parametrize("secret", [None, "no identity", ""])
def test_a_key_that_is_none_is_told_without_it(secret: str | None) -> None:
    """Not there yet, or something else."""
    with pytest.raises(ExplainedError) as told:
        keys.key(STACK, lambda service: Manager(secret))

    assert "no identity" not in str(told.value)


def test_a_file_without_a_key_is_told(tmp_path: Path) -> None:
    """Comments are none."""
    (file := tmp_path / "empty").write_text("# nothing\n\n")

    with pytest.raises(ExplainedError, match="it holds no age identity"):
        keys.key(STACK, Scene().client, file)


def test_people_seal_for_the_environments_key_and_those_of_the_stack_file() -> None:
    """Each once."""
    scene = Scene(variables={}, services={"secretsmanager": Manager(IDENTITY)})

    assert scene.place.recipients() == (RECIPIENT,)


@pytest.mark.parametrize(
    ("variables", "missing"),
    [({}, "BACKUP_RECIPIENTS is not set"), ({"BACKUP_RECIPIENTS": "age1abc"}, "no recipient of age")],
)
def test_a_job_seals_for_those_that_it_was_told(variables: dict[str, str], missing: str) -> None:
    """It has no vault to ask; a typo would be found when a backup has to be opened."""
    scene = Scene(variables={"SLIPWAY_JOB": "backup", **variables})

    with pytest.raises(ExplainedError, match=missing) as told:
        scene.place.recipients()

    assert told.value.code == WRONG_USE


def test_a_job_asks_nobody_where_its_database_is() -> None:
    """It is in its variables, as is the release that runs."""
    scene = Scene(variables={"SLIPWAY_JOB": "backup", "APP_VERSION": "sha256:1"})

    assert scene.place.release() == "sha256:1"
    with pytest.raises(ExplainedError, match="DATABASE_URL is not set"):
        scene.place.database()


def test_people_are_told_that_a_variable_names_the_database() -> None:
    """It may be another one than they think."""
    scene = Scene(variables={"DATABASE_URL": "postgresql://there"})

    assert scene.place.database() == "postgresql://there"
    assert "the one that DATABASE_URL names" in scene.said.getvalue()
