"""The vault that `secret` keeps values in, against the local Secrets Manager."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from console.errors import ExplainedError
from infra.application import APPLICATION
from infra.config import Environment, Stack
from infra.load import from_file
from ops.secrets.vault import Vault
from tests.support.aws_daemon import Aws, running


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """An account with the key that `bootstrap` makes."""
    with running(tmp_path_factory.mktemp("aws")) as daemon:
        kms = daemon.client("kms")
        kms.create_alias(
            AliasName=APPLICATION.names.state_key_alias, TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"]
        )
        yield daemon


def stack(environment: Environment, *declared: str) -> Stack:
    """A checked-in one that names these."""
    return from_file(environment).model_copy(update={"secrets": declared})


def vault(aws: Aws, environment: Environment, *declared: str) -> Vault:
    """Its vault; each test names its own secrets."""
    return Vault(stack(environment, *declared), aws.client("secretsmanager"), aws.client("kms"))


def value(aws: Aws, secret: str) -> Any:
    """What is kept there."""
    return aws.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]


def test_one_is_set_replaced_removed_and_set_again(aws: Aws) -> None:
    """Encrypted with the account's key, tagged, and with its former value behind it."""
    it, manager = vault(aws, "staging", "LIFE"), aws.client("secretsmanager")
    assert it.entry("LIFE").is_set is False

    it.put("LIFE", "one")
    made = manager.describe_secret(SecretId="cams-staging/own/LIFE")
    it.put("LIFE", "two\nlines ü")

    assert made["KmsKeyId"] == "alias/cams-state"
    assert {tag["Key"]: tag["Value"] for tag in made["Tags"]} == {
        "Project": "cams",
        "Environment": "staging",
        "ManagedBy": "slipway secret",
    }
    assert value(aws, "cams-staging/own/LIFE") == "two\nlines ü"
    before = manager.get_secret_value(SecretId="cams-staging/own/LIFE", VersionStage="AWSPREVIOUS")
    assert before["SecretString"] == "one"
    after = manager.describe_secret(SecretId="cams-staging/own/LIFE")
    assert (after["KmsKeyId"], after["Tags"]) == (made["KmsKeyId"], made["Tags"])

    it.remove("LIFE")
    assert it.entry("LIFE").is_set is False
    out = manager.describe_secret(SecretId="cams-staging/own/LIFE")
    assert 29 <= (out["DeletedDate"] - out["LastChangedDate"]).days <= 30
    it.put("LIFE", "three")

    assert it.entry("LIFE").is_set
    assert value(aws, "cams-staging/own/LIFE") == "three"


def test_twenty_people_at_once_lose_nothing(aws: Aws) -> None:
    """Ten names, each set by two: all are there, each with one of its two values."""
    wanted = [(f"AT_ONCE_{number % 10}", f"value-{number}") for number in range(20)]

    with ThreadPoolExecutor(20) as people:
        for done in [people.submit(vault(aws, "dev").put, *one) for one in wanted]:
            done.result()

    for number in range(10):
        assert value(aws, f"cams-dev/own/AT_ONCE_{number}") in (f"value-{number}", f"value-{number + 10}")


def test_the_list_has_what_is_declared_and_what_is_there(aws: Aws) -> None:
    """Not another environment's, nor what is on its way out, nor a secret without a value."""
    it, manager = vault(aws, "prod", "SET", "UNSET"), aws.client("secretsmanager")
    for name in ("SET", "EXTRA", "GONE"):
        it.put(name, "x")
    it.remove("GONE")
    manager.create_secret(Name="cams-prod/own/HOLLOW")
    manager.create_secret(Name="cams-prod/app", SecretString="{}")
    vault(aws, "staging").put("OTHERS", "x")

    assert [(one.name, one.declared, one.is_set) for one in it.entries()] == [
        ("EXTRA", False, True),
        ("SET", True, True),
        ("UNSET", True, False),
    ]


def test_all_that_are_missing_are_told_at_once(aws: Aws) -> None:
    """In the words that the program itself uses."""
    it = vault(aws, "staging", "MISSING_A", "PRESENT", "MISSING_B")
    it.put("PRESENT", "x")

    with pytest.raises(
        ExplainedError, match=r"2 secrets that it names are not set: MISSING_A, MISSING_B\n\nhint: "
    ) as told:
        it.require()

    assert "./slipway secret set staging MISSING_B" in str(told.value)
    vault(aws, "staging", "PRESENT").require()


def test_an_account_that_was_not_prepared_is_told_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Without the key nothing is kept."""
    with running(tmp_path_factory.mktemp("empty")) as empty:
        with pytest.raises(
            ExplainedError, match=r"no KMS key alias/cams-state yet\n\nhint: ./slipway bootstrap --yes"
        ):
            vault(empty, "staging").put("A_KEY", "x")

        assert empty.client("secretsmanager").list_secrets()["SecretList"] == []
