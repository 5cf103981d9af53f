"""A stack's locks after a run that was killed."""

from __future__ import annotations

import json
import platform
import subprocess
from pathlib import Path

from tests.support.wrapped import pulumi, state_with


def test_the_lock_of_a_killed_run_is_removed_and_that_of_a_living_one_kept(checkout: Path) -> None:
    """Only a lock of this machine whose process is gone is stale."""
    state_with(checkout, [])
    locks = checkout / ".local/state/.pulumi/locks/organization/cams/staging"
    locks.mkdir(parents=True)
    gone = subprocess.run(["sh", "-c", "echo $$"], capture_output=True, text=True, check=True).stdout.strip()
    (locks / "stale.json").write_text(json.dumps({"pid": int(gone), "hostname": platform.node()}))
    (locks / "elsewhere.json").write_text(json.dumps({"pid": int(gone), "hostname": "another"}))

    said = pulumi(checkout, "up", "--stack", "staging")

    assert [path.name for path in locks.iterdir()] == ["elsewhere.json"]
    assert f"an earlier run (pid {gone}) was killed: its lock on staging is removed" in said.stderr
