"""The local `pulumi` keeps the checkout clean, whatever the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.wrapped import COPY, STAGING, pulumi


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


def test_what_is_the_callers_does_not_reach_the_engine(checkout: Path) -> None:
    """Its plugins are Python, and all of them speak to each other on this machine, whatever the shell says."""
    (checkout / "real-pulumi").write_text('#!/bin/sh\necho "$PYTHONPATH|$PYTHONHOME|$GIT_DIR|$no_proxy"\n')
    python = {"PYTHONPATH": "/nope", "PYTHONHOME": "/nope", "GIT_DIR": "/nope", "no_proxy": "intern.example"}

    said = pulumi(checkout, "version", variables=python)

    assert said.stdout == "|||intern.example,127.0.0.1,localhost,.localhost,::1,[::1]\n"


AMBIENT = '#!/bin/sh\necho "${PULUMI_IGNORE_AMBIENT_PLUGINS:-$0}"\n'


def test_plugins_and_language_hosts_on_path_are_passed_over(checkout: Path) -> None:
    """An official host would start the program without what is loaded ahead, and a plugin would hide a stand-in."""
    (checkout / "real-pulumi").write_text(AMBIENT)

    assert pulumi(checkout, "about").stdout == "true\n"


def test_what_runs_a_policy_pack_is_found_on_path(checkout: Path) -> None:
    """The CLI looks for it nowhere else."""
    (checkout / "real-pulumi").write_text(AMBIENT)

    assert pulumi(checkout, "preview", "-s", "staging", "--policy-pack", "p").stdout == f"{checkout}/real-pulumi\n"


def test_other_projects_get_the_official_engine(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """With the language hosts beside it, where there is one, and with what is on PATH."""
    official, other = tmp_path_factory.mktemp("official") / "pulumi", tmp_path_factory.mktemp("other")
    official.write_text(AMBIENT)
    official.chmod(0o755)
    (other / "Pulumi.yaml").write_text("name: other\nruntime: nodejs\n")
    record = {"pulumi": str(checkout / "real-pulumi"), "elsewhere": str(official)}
    (checkout / ".local/engine.json").write_text(json.dumps(record))

    assert pulumi(checkout, "preview", folder=other).stdout == f"{official}\n"
