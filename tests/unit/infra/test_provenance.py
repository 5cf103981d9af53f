"""Whose signature counts, as a stack file says it."""

from __future__ import annotations

from base64 import b64encode

import pytest

from infra.load import from_file
from infra.provenance import Trust
from tests.support.provenances import KeyPair
from tests.support.stack_settings import ROOT, refused, settings

NO_KEY = "-----BEGIN PUBLIC KEY-----"


def test_every_environment_trusts_one_workflow_and_no_key() -> None:
    """A key is trusted where somebody has put its public half into the file."""
    assert {from_file(environment, ROOT).release for environment in ("dev", "staging", "prod")} == {Trust()}
    assert Trust().keys == ()


def test_a_public_half_is_taken_as_the_command_prints_it() -> None:
    """Of the curve that KMS signs with, and of no other kind."""
    public = b64encode(KeyPair().public).decode()

    assert Trust(keys=(public,)).keys == (public,)


@pytest.mark.parametrize(
    "workflow", ["build.yml", ".github/workflows/../evil.yml", ".github/workflows/build.yml@main"]
)
def test_what_is_no_workflow_or_no_key_is_refused(workflow: str) -> None:
    """With its path, as every mistake in a stack file."""
    wrong = refused(settings(release__workflow=workflow, release__keys=[NO_KEY], release__key="x"))

    assert [one.partition(":")[0] for one in wrong] == ["release/workflow", "release/keys/0", "release/key"]
