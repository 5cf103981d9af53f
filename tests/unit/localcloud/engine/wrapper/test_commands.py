"""The local `pulumi` keeps the checkout clean and makes a killed run harmless."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from pathlib import Path

import pytest

from tests.support.wrapped import STAGING, pulumi


def state_with(checkout: Path, pending: list[dict[str, object]]) -> Path:
    path = checkout / ".local/state/.pulumi/stacks/cams/staging.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"version": 3, "checkpoint": {"latest": {"pending_operations": pending}}}))
    return path


COPY = ".local/stacks/Pulumi.staging.yaml"


def selected(folder: Path) -> dict[str, object]:
    """`pulumi stack select staging` in that folder, as the CLI keeps it."""
    digest = hashlib.sha1(str(folder / "Pulumi.yaml").encode(), usedforsecurity=False).hexdigest()
    return {f"cams-{digest}-workspace.json": {"stack": "organization/cams/staging"}}


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


@pytest.mark.parametrize("variable", ["PULUMI_STACK", "PULUMI_OPTION_STACK"])
def test_the_stack_may_be_named_by_the_environment(checkout: Path, variable: str) -> None:
    """Both variables are the CLI's own."""
    said = pulumi(checkout, "logs", variables={variable: "staging"})

    assert said.stdout.endswith(f"--config-file={checkout / COPY}\n"), said


@pytest.mark.parametrize("spelling", ["infra", "-C", "--cwd=", "-C..", "link", "variable"])
def test_the_project_is_known_from_every_folder(checkout: Path, tmp_path: Path, spelling: str) -> None:
    """Below it, through `-C`, through a link."""
    elsewhere = checkout / ".local"
    link = checkout / "link"
    link.symlink_to(checkout)
    words, folder, variables = {
        "infra": ([], checkout / "infra", {}),
        "-C": (["-C", str(checkout)], elsewhere, {}),
        "--cwd=": ([f"--cwd={checkout}/infra"], Path("/"), {}),
        "-C..": (["-C.."], checkout / "infra", {}),
        "link": ([], link / "infra", {"PWD": str(link / "infra")}),
        "variable": ([], Path("/"), {"PULUMI_OPTION_CWD": str(checkout)}),
    }[spelling]

    said = pulumi(checkout, "preview", "-s", "staging", *words, folder=folder, variables=variables)

    assert said.stdout.endswith(f"--config-file={checkout}/{COPY}\n"), said


def test_the_selected_stack_is_the_one_of_this_folder(checkout: Path) -> None:
    """Another checkout of the project, or the way through a link, has its own."""
    workspaces = checkout / ".local/pulumi/workspaces"
    workspaces.mkdir(parents=True)
    for name, content in selected(checkout).items():
        (workspaces / name).write_text(json.dumps(content))

    assert pulumi(checkout, "preview").stdout.endswith(f"--config-file={checkout / COPY}\n")


@pytest.mark.parametrize(
    "words",
    [
        ("config", "set", "cams:branch", "x"),
        ("config", "set-all", "--plaintext", "cams:branch=x"),
        ("config", "set-all", "--json", '{"cams:branch":{"value":"x"}}'),
        ("config", "rm", "cams:branch"),
        ("config", "rm-all", "cams:branch"),
    ],
)
def test_a_setting_is_set_in_the_checked_in_file(checkout: Path, words: tuple[str, ...]) -> None:
    """There is nothing of this machine in it, so the CLI may write it itself."""
    said = pulumi(checkout, *words, "-s", "staging")

    assert said.stdout == f"{checkout}|{' '.join(words)} -s staging\n"


@pytest.mark.parametrize("option", [("-c", "cams:branch=x"), ("--config=cams:branch=x",)])
def test_what_an_operation_sets_is_set_in_the_checked_in_file(checkout: Path, option: tuple[str, ...]) -> None:
    """`--config` keeps what it sets, as with real accounts; the operation itself reads the copy."""
    said = pulumi(checkout, "preview", "-s", "staging", *option)

    commands = (checkout / ".local/state/commands").read_text().splitlines()
    assert "config set-all --stack staging --plaintext cams:branch=x --non-interactive" in commands
    assert said.stdout.endswith(f"--config-file={checkout / COPY}\n")


def test_removing_a_stack_keeps_the_checked_in_file(checkout: Path) -> None:
    """The CLI would delete it; the environment is declared by it on every cloud."""
    (checkout / "real-pulumi").write_text('#!/bin/sh\necho "$PULUMI_OPTION_PRESERVE_CONFIG"\n')

    said = pulumi(checkout, "stack", "rm", "staging", "--yes")

    assert said.stdout == "true\n"
    assert said.stderr == "slipway: Pulumi.staging.yaml is kept: it is checked in, and of every cloud\n"


def test_a_file_of_ones_own_is_copied_too(checkout: Path) -> None:
    """It may be checked in as well: no salt gets into it."""
    mine = checkout / "infra" / "mine.yaml"
    mine.write_text(STAGING)

    said = pulumi(checkout, "preview", "-s", "staging", "--config-file=mine.yaml", folder=checkout / "infra")

    copy = Path(said.stdout.strip().rpartition("--config-file=")[2])
    assert copy.parent == checkout / ".local/stacks"
    assert copy.read_text() == f'{STAGING}  aws:s3UsePathStyle: "true"\n'
    assert mine.read_text() == STAGING


@pytest.mark.parametrize(
    "words", ["stack history --show-secrets", "state move --dest staging urn", "stack import --file state.json"]
)
def test_commands_without_a_choice_of_file_run_elsewhere(checkout: Path, words: str) -> None:
    """They would write the salt beside the Pulumi.yaml of the folder; a file they are given is still found."""
    said = pulumi(checkout, *words.split(), variables={"PULUMI_STACK": "staging"})

    folder = checkout / ".local/stacks/init"
    assert said.stdout.startswith(f"{folder}|{words} --cwd={folder}")
    assert ("import" in words) == (f"--file={checkout}/state.json" in said.stdout)


def test_another_backend_is_left_alone(checkout: Path) -> None:
    """With real credentials and a real backend the wrapper only passes on."""
    said = pulumi(checkout, "up", "--stack", "staging", backend="s3://state")

    assert said.stdout == f"{checkout}|up --stack staging\n"
    assert not (checkout / ".local/stacks").exists()


def test_another_project_is_left_alone(checkout: Path) -> None:
    """One's own in the same shell, even below the checkout, has stack files that are its own."""
    other = checkout / "infra" / "other"
    other.mkdir()
    (other / "Pulumi.yaml").write_text("name: other\nruntime: python\n")

    for words in (("up", "-s", "dev"), ("config", "set", "--secret", "a", "b"), ("stack", "rm", "dev")):
        said = pulumi(checkout, *words, folder=other)
        assert said.stdout == f"{other}|{' '.join(words)}\n"


def test_making_a_stack_does_not_write_into_the_checkout(checkout: Path) -> None:
    """`stack init` writes its salt beside the Pulumi.yaml of the folder it runs in; selected is it in this one."""
    said = pulumi(checkout, "stack", "init", "staging")

    assert (checkout / "Pulumi.staging.yaml").read_text() == STAGING
    assert said.stdout.splitlines()[-1] == f"{checkout}|stack select staging --cwd={checkout}"


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


def test_what_is_the_callers_does_not_reach_the_engine(checkout: Path) -> None:
    """Its plugins are Python, and all of them speak to each other on this machine, whatever the shell says."""
    (checkout / "real-pulumi").write_text('#!/bin/sh\necho "$PYTHONPATH|$PYTHONHOME|$GIT_DIR|$no_proxy"\n')
    python = {"PYTHONPATH": "/nope", "PYTHONHOME": "/nope", "GIT_DIR": "/nope", "no_proxy": "intern.example"}

    said = pulumi(checkout, "version", variables=python)

    assert said.stdout == "|||intern.example,127.0.0.1,localhost,.localhost,::1,[::1]\n"
