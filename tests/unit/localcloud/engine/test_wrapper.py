"""The local `pulumi` keeps the checkout clean and makes a killed run harmless."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from localcloud.engine import wrapper

FAKE = """#!/bin/sh
if [ "$1 $2" = "stack init" ]; then
    mkdir -p "$STATE/.pulumi/stacks/cams" && echo '{}' >"$STATE/.pulumi/stacks/cams/$3.json"
    echo "encryptionsalt: v1:salt" >"$PWD/Pulumi.$3.yaml"
fi
echo "$PWD|$PULUMI_OPTION_CONFIG_FILE|$*"
"""
STAGING = "# settings\nconfig:\n  # the region\n  aws:region: eu-central-1\n  cams:branch: staging\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with one stack file, the wrapper, and a CLI that says what it was given."""
    (tmp_path / "Pulumi.yaml").write_text("name: cams\nruntime: python\n")
    (tmp_path / "Pulumi.staging.yaml").write_text(STAGING)
    source = Path(wrapper.__file__)
    copy = tmp_path / "localcloud" / "engine" / "wrapper.py"
    copy.parent.mkdir(parents=True)
    copy.write_text(source.read_text())
    (tmp_path / "console").symlink_to(source.parents[2] / "console")
    (tmp_path / ".local" / "state").mkdir(parents=True)
    real = tmp_path / "real-pulumi"
    real.write_text(FAKE)
    real.chmod(0o755)
    (tmp_path / ".local" / "engine.json").write_text(json.dumps({"pulumi": str(real), "official": False}))
    return tmp_path


def pulumi(checkout: Path, *words: str, backend: str | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    state = checkout / ".local" / "state"
    env = {
        "PATH": os.environ["PATH"],
        "SLIPWAY_ROOT": str(checkout),
        "STATE": str(state),
        "PULUMI_BACKEND_URL": backend or f"file://{state}",
        **more,
    }
    command = [sys.executable, "-I", "-S", str(checkout / "localcloud/engine/wrapper.py"), *words]
    return subprocess.run(command, env=env, cwd=checkout, capture_output=True, text=True, check=False)


def state_with(checkout: Path, pending: list[dict[str, object]]) -> Path:
    path = checkout / ".local/state/.pulumi/stacks/cams/staging.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"version": 3, "checkpoint": {"latest": {"pending_operations": pending}}}))
    return path


def test_the_engine_reads_a_merged_copy_and_the_checked_in_file_stays_as_it_is(checkout: Path) -> None:
    """The copy has the plugin's path style and the salt that `stack init` made; nothing else differs."""
    said = pulumi(checkout, "preview", "--stack", "staging")

    copy = checkout / ".local/stacks/Pulumi.staging.yaml"
    assert said.stdout == f"{checkout}|{copy}|preview --stack staging\n"
    assert copy.read_text() == (
        '# settings\nconfig:\n  # the region\n  aws:s3UsePathStyle: "true"\n  aws:region: eu-central-1\n'
        "  cams:branch: staging\nencryptionsalt: v1:salt\n"
    )
    assert (checkout / "Pulumi.staging.yaml").read_text() == STAGING


def test_the_real_accounts_key_is_left_out_of_the_copy(checkout: Path) -> None:
    """Whoever uses real accounts, too, has it in the checked-in file; here it would open nothing."""
    (checkout / "Pulumi.staging.yaml").write_text(
        f"secretsprovider: awskms://alias/x\nencryptedkey: AQICAH=\n{STAGING}"
    )

    pulumi(checkout, "preview", "--stack", "staging")

    copy = (checkout / ".local/stacks/Pulumi.staging.yaml").read_text()
    assert "secretsprovider" not in copy
    assert "encryptedkey" not in copy
    assert copy.endswith("  cams:branch: staging\nencryptionsalt: v1:salt\n")


@pytest.mark.parametrize("words", [("up", "-s", "staging"), ("up", "--stack=organization/cams/staging")])
def test_the_stack_is_known_however_it_is_named(checkout: Path, words: tuple[str, ...]) -> None:
    """Short, joined and fully qualified names mean the same file."""
    said = pulumi(checkout, *words)

    assert said.stdout.split("|")[1] == str(checkout / ".local/stacks/Pulumi.staging.yaml")


def test_another_backend_is_left_alone(checkout: Path) -> None:
    """With real credentials and a real backend the wrapper only passes on."""
    said = pulumi(checkout, "up", "--stack", "staging", backend="s3://state")

    assert said.stdout == f"{checkout}||up --stack staging\n"
    assert not (checkout / ".local/stacks").exists()


def test_making_a_stack_does_not_write_into_the_checkout(checkout: Path) -> None:
    """`stack init` writes its salt beside the Pulumi.yaml of the folder it runs in: not the checkout."""
    pulumi(checkout, "stack", "init", "staging")

    assert (checkout / "Pulumi.staging.yaml").read_text() == STAGING


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


def test_what_a_killed_run_was_creating_is_forgotten_and_said(checkout: Path) -> None:
    """Pulumi would warn of pending creates for ever; other pending operations are its own business."""
    urn = "urn:pulumi:staging::cams::render:index:Postgres::cams-staging-db"
    other = {"type": "updating", "resource": {"urn": urn}}
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


def test_what_is_the_callers_does_not_reach_the_engine(checkout: Path) -> None:
    """Its plugins are Python, and all of them speak to each other on this machine, whatever the shell says."""
    (checkout / "real-pulumi").write_text('#!/bin/sh\necho "$PYTHONPATH|$PYTHONHOME|$GIT_DIR|$no_proxy"\n')
    python = {"PYTHONPATH": "/nope", "PYTHONHOME": "/nope", "GIT_DIR": "/nope", "no_proxy": "intern.example"}

    said = pulumi(checkout, "version", **python)

    assert said.stdout == "|||intern.example,127.0.0.1,localhost,.localhost,::1,[::1]\n"
