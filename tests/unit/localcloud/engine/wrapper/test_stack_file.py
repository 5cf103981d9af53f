"""The engine reads a copy of the stack file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.wrapped import COPY, STAGING, pulumi


def test_the_engine_reads_a_copy_and_the_checked_in_file_stays_as_it_is(checkout: Path) -> None:
    """The copy has what the plugin needs here besides; the CLI adds its salt by itself."""
    said = pulumi(checkout, "preview", "--stack", "staging")

    copy = checkout / COPY
    assert said.stdout == f"{checkout}|preview --stack staging --config-file={copy}\n"
    assert copy.read_text() == f'{STAGING}  aws:s3UsePathStyle: "true"\n'
    assert (checkout / "Pulumi.staging.yaml").read_text() == STAGING


def test_a_copy_is_made_anew_only_when_its_file_has_changed(checkout: Path) -> None:
    """Until then it keeps what the CLI has added."""
    pulumi(checkout, "preview", "--stack", "staging")
    copy = checkout / COPY
    copy.write_text(kept := copy.read_text() + "encryptionsalt: v1:salt\n")
    pulumi(checkout, "preview", "--stack", "staging")
    assert copy.read_text() == kept

    (checkout / "Pulumi.staging.yaml").write_text(STAGING + "  cams:source: image\n")
    pulumi(checkout, "preview", "--stack", "staging")

    assert copy.read_text() == f'{STAGING}  cams:source: image\n  aws:s3UsePathStyle: "true"\n'


@pytest.mark.parametrize(
    "keys",
    [
        "secretsprovider: awskms://alias/x\nencryptedkey: AQICAH=\n",
        "encryptionsalt: v1:other\r\n",
        "\ufeffencryptionsalt: v1:other\n",
        "\"secretsprovider\": awskms://alias/x\n'encryptedkey' : AQICAH=\n",
    ],
)
def test_the_key_of_a_real_account_is_left_out_of_the_copy(checkout: Path, keys: str) -> None:
    """Whoever uses real accounts, too, has it in the checked-in file; here it would open nothing."""
    (checkout / "Pulumi.staging.yaml").write_text(keys + STAGING)

    pulumi(checkout, "preview", "--stack", "staging")

    assert (checkout / COPY).read_text() == f'{STAGING}  aws:s3UsePathStyle: "true"\n'


def test_a_file_of_ones_own_is_copied_too(checkout: Path) -> None:
    """It may be checked in as well: no salt gets into it."""
    mine = checkout / "infra" / "mine.yaml"
    mine.write_text(STAGING)

    said = pulumi(checkout, "preview", "-s", "staging", "--config-file=mine.yaml", folder=checkout / "infra")

    copy = Path(said.stdout.strip().rpartition("--config-file=")[2])
    assert copy.parent == checkout / ".local/stacks"
    assert copy.read_text() == f'{STAGING}  aws:s3UsePathStyle: "true"\n'
    assert mine.read_text() == STAGING
