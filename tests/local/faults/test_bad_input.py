"""Input that is wrong ends in one clear error with the right exit code, and nothing is made."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import inventory
from tests.support.checkout import Done, run
from tests.support.world import World

FILE = "Pulumi.staging.yaml"
TYPOS = (
    ("cams:region: frankfurt", "cams:region: frankfort"),
    ("aws:region: eu-central-1", "aws:region: eu-centrall-1"),
    ("daily: 14", "dayly: 14"),
)
TOLD = (
    "region: Input should be 'frankfurt'",
    "aws/region: `eu-centrall-1` is not an AWS region; did you mean `eu-central-1`?",
    "backups/dayly: is not a setting; did you mean `daily`?",
)


def git(folder: Path, *words: str) -> None:
    """A git command of nobody in particular."""
    who = ("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *words], cwd=folder, capture_output=True, check=True)


def _one_error(said: Done, code: int, *words: str) -> None:
    """`what: why`, a blank line, a hint, and nothing that only a programmer reads."""
    assert said.returncode == code, said.output
    assert "Traceback" not in said.output
    assert "\n\nhint: " in said.output.replace("\n    \n    hint: ", "\n\nhint: ")
    for word in words:
        assert word in said.output, said.output


def test_all_mistakes_in_a_stack_file_are_told_at_once(world: World) -> None:
    """Values and a key, by both commands: exit code 2 from ours, 1 from the bare tool."""
    with world.checkout.spoilt(FILE, *TYPOS):
        ours, bare = world.slipway("up", "staging"), world.pulumi_up("staging")

    _one_error(ours, 2, *TOLD)
    _one_error(bare, 1, *TOLD)


@pytest.mark.parametrize("text", ["config: [", "- a list\n", "config: words\n"])
def test_yaml_that_is_no_stack_file_is_told_in_one_piece(world: World, text: str) -> None:
    """Neither what cannot be parsed nor what is something else ends in a traceback."""
    with world.checkout.spoilt(FILE):
        (world.checkout.folder / FILE).write_text(text)
        ours, bare = world.slipway("up", "staging"), world.pulumi_up("staging")

    _one_error(ours, 2, f"{FILE} is not deployable: 1 setting is wrong")
    assert bare.returncode != 0
    assert "Traceback" not in bare.output


def test_a_file_of_another_environment_is_refused(world: World) -> None:
    """The mismatch is the one thing told, not the rules of the environment that was not meant."""
    with world.checkout.spoilt(FILE, ("cams:environment: staging", "cams:environment: prod")):
        ours, bare = world.slipway("up", "staging"), world.pulumi_up("staging")

    for said, code in ((ours, 2), (bare, 1)):
        _one_error(said, code, "environment: is `prod`, but the stack is `staging`", "1 setting is wrong")


def test_an_unknown_environment_is_wrong_use(world: World) -> None:
    """A typo in the name names the three that there are."""
    ours, bare = world.slipway("up", "stagin"), world.pulumi_up("stagin")

    _one_error(ours, 2, "'dev', 'staging', 'prod'")
    assert bare.returncode != 0
    assert "no stack named 'stagin' found" in bare.output


def test_credentials_of_another_account_are_refused(world: World) -> None:
    """Exit code 3 from ours; neither command makes anything."""
    before = world.render.names("/services", "service")
    with world.checkout.spoilt(FILE, ('"123456789012"', '"210987654321"')):
        ours, bare = world.slipway("up", "staging"), world.pulumi_up("staging")

    _one_error(ours, 3, "refused: the credentials belong to AWS account 123456789012", "210987654321")
    _one_error(bare, 1, "123456789012", "210987654321")
    assert world.render.names("/services", "service") == before


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("RENDER_API_KEY", None, "neither render:apiKey nor RENDER_API_KEY is set"),
        ("RENDER_API_KEY", "rnd_wrong", "is RENDER_API_KEY a key of this workspace?"),
        ("RENDER_OWNER_ID", None, "RENDER_OWNER_ID"),
        ("AWS_ACCESS_KEY_ID", None, "no AWS credentials"),
        ("AWS_ACCESS_KEY_ID", "AKIAAAAAAAAAAAAAAAAA", "security token included in the request is invalid"),
    ],
)
def test_missing_and_wrong_credentials_are_told(world: World, name: str, value: str | None, told: str) -> None:
    """The bare tool ends with 1, says which, and has made nothing."""
    environment = {**world.environment, name: value or ""}
    if value is None:
        del environment[name]

    said = world.pulumi_up("staging", environment)

    _one_error(said, 1, told)
    assert " created " not in said.output.replace("pulumi:pulumi:Stack", "")


def test_a_real_cloud_without_its_workspace_is_told(world: World) -> None:
    """A key that is not the local cloud's means the real one, and bootstrap says what is missing."""
    said = world.slipway("bootstrap", environment={"RENDER_API_KEY": "rnd_x"})

    _one_error(said, 2, "RENDER_OWNER_ID is not set")


def test_a_missing_branch_is_told_with_the_push_that_mends_it(dev_gone: World) -> None:
    """`develop` is deleted at the Git host; after the push that the hint names, `up` works."""
    host = dev_gone.local("git").stdout.strip()
    git(dev_gone.checkout.folder, "--git-dir", host, "update-ref", "-d", "refs/heads/develop")
    try:
        refused = dev_gone.slipway("up", "dev")
    finally:
        git(dev_gone.checkout.folder, "push", "--quiet", host, "HEAD:refs/heads/develop")
    mended = dev_gone.slipway("up", "dev")

    _one_error(refused, 1, "branch develop not found", 'git push "$(./slipway local git)" HEAD:develop')
    assert mended.returncode == 0, mended.output


def test_two_ups_of_one_stack_do_not_mix(staging: World) -> None:
    """The second is told who is at work and what to do; afterwards nothing is double."""
    first, second = staging.begin_up("staging"), staging.begin_up("staging")
    codes = sorted((first.wait(), second.wait()))
    told = first.text() + second.text()

    assert codes[0] == 0, told
    assert codes == [0, 0] or "the stack is currently locked" in told
    assert inventory.differences(staging) == {}


def test_the_command_works_from_elsewhere_through_a_link_and_without_a_home(staging: World, tmp_path: Path) -> None:
    """The launcher finds its checkout itself, and HOME is not needed."""
    link = tmp_path / "slipway"
    link.symlink_to(staging.checkout.folder / "slipway")
    homeless = {name: value for name, value in staging.checkout.environment.items() if name != "HOME"}

    for words in ((str(staging.checkout.folder / "slipway"),), (str(link),)):
        said = run((*words, "outputs", "staging", "branch"), tmp_path, homeless)

        assert (said.returncode, said.stdout) == (0, "staging\n"), said.output


def test_a_checkout_without_a_commit_is_told(world: World, tmp_path: Path) -> None:
    """There is nothing to push to the Git host yet; the hint says how to make it."""
    folder = tmp_path / "unborn"
    shutil.copytree(world.checkout.folder, folder, symlinks=True, ignore=shutil.ignore_patterns(".git", ".local"))
    git(folder, "init", "--quiet")
    environment = world.checkout.environment | {"SLIPWAY_ROOT": str(tmp_path / "root")}
    (tmp_path / "root").mkdir()
    python = str(folder / ".venv/bin/python")
    try:
        said = run((python, "-m", "ops", "up", "dev"), folder, environment)
    finally:
        run((python, "-m", "localcloud", "reset"), folder, environment)

    _one_error(said, 1, "git init && git add . && git commit")
    assert list((tmp_path / "root").iterdir()) == []
