"""A stack's state after a run that was killed."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.wrapped import pulumi, state_with


def test_what_a_killed_run_was_creating_is_forgotten_and_said(checkout: Path) -> None:
    """Pulumi would warn of pending creates for ever; other pending operations are its own business."""
    urn = "urn:pulumi:staging::cams::render:index:Postgres::cams-staging-db"
    other: dict[str, object] = {"type": "updating", "resource": {"urn": urn}}
    path = state_with(checkout, [{"type": "creating", "resource": {"urn": urn}}, other])

    said = pulumi(checkout, "up", "--stack", "staging")

    assert json.loads(path.read_text())["checkpoint"]["latest"]["pending_operations"] == [other]
    assert "it was creating cams-staging-db" in said.stderr


def test_a_state_cut_short_in_writing_is_mended(checkout: Path) -> None:
    """An empty side file goes, and a torn state gives way to the copy that Pulumi keeps."""
    path = state_with(checkout, [])
    whole = path.read_text()
    path.with_name("staging.json.bak").write_text(whole)
    path.with_name("staging.json.attrs").write_text("")
    path.write_text(whole[:20])

    said = pulumi(checkout, "up", "--stack", "staging")

    assert path.read_text() == whole
    assert not path.with_name("staging.json.attrs").exists()
    assert "killed while it wrote the state of staging" in said.stderr


def test_a_preview_changes_nothing(checkout: Path) -> None:
    """Only commands that go on to change things mend what a killed run left."""
    path = state_with(checkout, [{"type": "creating", "resource": {"urn": "a::b"}}])
    before = path.read_text()

    pulumi(checkout, "preview", "--stack", "staging")

    assert path.read_text() == before
