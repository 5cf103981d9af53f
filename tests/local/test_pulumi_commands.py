"""No command of the bare tool leaves a key in a checked-in file or loses what it was told to keep."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra import stack_yaml
from infra.application import APPLICATION
from localcloud.engine.wrapper.commands import ELSEWHERE, OPERATIONS, READS, WRITES
from localcloud.engine.wrapper.refusals import NEEDS_STACK, REFUSED
from localcloud.engine.wrapper.words import OWN, SWITCHES, Words
from tests.support.checkout import Done
from tests.support.world import Environment, World

FILE = "Pulumi.staging.yaml"
# These have nothing to do with a stack's settings: they look at states, plugins, packages, or need Pulumi Cloud.
OTHERS = {
    "about", "api", "cancel", "console", "convert", "deployment", "env", "events", "gen-completion", "gen-markdown",
    "generate-cli-spec", "help", "insights", "install", "login", "logout", "neo", "org", "package", "plugin",
    "policy",
    "project list", "replay-events", "schema", "stack drift", "stack export", "stack get", "stack graph",
    "stack list",
    "stack output", "stack schedule", "stack tag", "stack unselect", "stack webhook", "state protect", "state remove",
    "state rename", "state repair", "state taint", "state unprotect", "state untaint", "state upgrade", "template",
    "version", "view-trace", "whoami", "logs decrypt", "logs list", "logs remove", "logs share",
    "state edit", "convert-trace",
}  # fmt: skip
GROUPS = (["stack"], ["state"], ["project"], ["logs"], ["config"])  # what is below each is looked at
KNOWN_OTHERWISE = {"new", "project new", "do", "stack select", "stack remove", "config copy"}
# Their value may be left out, and then no word is taken for it.
OPTIONAL = {"attach-debugger", "refresh", "suppress-permalink"}


@pytest.fixture
def staged(world: World, staging: Environment) -> Iterator[World]:
    """Staging's file is as it was again afterwards."""
    yield world
    world.checkout.run("git", "checkout", "--quiet", "--", FILE, check=True)


def pulumi(world: World, line: str, folder: Path | None = None) -> Done:
    """A command line in a shell that has the local environment and names the stack, in a folder of the checkout."""
    environment = world.variables | {"PULUMI_STACK": "staging"}
    return world.checkout.run("bash", "-c", f"set -e\ncd {folder or '.'}\n{line}", environment=environment)


def salted(world: World) -> list[str]:
    """The checked-in files that hold a key."""
    words = ("encryptionsalt", "secretsprovider", "encryptedkey", "secure:")
    files = world.checkout.folder.glob("Pulumi*.yaml")
    return [path.name for path in files if any(word in path.read_text() for word in words)]


@pytest.mark.parametrize(
    ("folder", "line"),
    [
        ("infra", "pulumi preview --stack staging --expect-no-changes"),
        ("infra/components", "pulumi logs"),
        ("/", "pulumi logs -C {checkout} -s staging"),
        ("/", "pulumi --cwd={checkout}/app logs -s=staging"),
        ("/", "PULUMI_STACK=staging pulumi -C{checkout} logs"),
        (".", "pulumi --stack organization/cams/staging logs"),
        (".", "pulumi -s staging --color never logs"),
        (".", f"pulumi logs --config-file {FILE}"),
        ("infra", f"pulumi logs --config-file ../{FILE}"),
        ("{link}/infra", "pulumi logs -s staging"),
        (".", "pulumi config"),
        (".", "pulumi config --show-secrets --json"),
        (".", "pulumi config get cams:branch"),
        (".", "pulumi stack"),
        (".", "pulumi stack history --show-secrets"),
        (".", "pulumi stack output --show-secrets --json"),
        (
            "infra",
            "pulumi stack export --file $PWD/../.local/st.json && pulumi stack import --file ../.local/st.json",
        ),
        (".", "pulumi stack select --create staging"),
        (".", "unset PULUMI_STACK; pulumi stack select staging; pulumi logs; pulumi stack unselect"),
        (".", "pulumi console"),
    ],
)
def test_a_command_that_sets_nothing_leaves_the_checkout_clean(
    staged: World, tmp_path: Path, folder: str, line: str
) -> None:
    """From every folder, and however the stack is named."""
    names = {"checkout": staged.checkout.folder, "link": tmp_path / "link"}
    names["link"].symlink_to(staged.checkout.folder)

    done = pulumi(staged, line.format(**names), Path(folder.format(**names)))

    assert done.returncode == 0, done.output
    assert staged.checkout.changes() == ""


@pytest.mark.parametrize(
    ("line", "before", "after"),
    [
        ("pulumi config set --path cams:web.instances 2", "instances: 1", "instances: 2"),
        ("pulumi -C infra config set cams:branch other -s staging", "cams:branch: staging", "cams:branch: other"),
        ("pulumi config set-all --plaintext cams:branch=other", "cams:branch: staging", "cams:branch: other"),
        ("""pulumi config set-all --json '{"branch":{"value":"x"}}'""", "cams:branch: staging", "cams:branch: x"),
        ("pulumi config rm cams:branch", "  cams:branch: staging\n", ""),
        ("pulumi config rm-all cams:branch", "  cams:branch: staging\n", ""),
        ("pulumi preview -c cams:branch=other", "cams:branch: staging", "cams:branch: other"),
    ],
)  # fmt: skip
def test_what_a_command_sets_is_kept_in_the_checked_in_file(
    staged: World, line: str, before: str, after: str
) -> None:
    """Nothing but that is changed in it, and the next command sees it."""
    path = staged.checkout.folder / FILE
    was = path.read_text()

    done = pulumi(staged, line)

    assert done.returncode == 0, done.output
    assert path.read_text() == was.replace(before, after, 1)
    shown = {name: one["value"] for name, one in json.loads(pulumi(staged, "pulumi config --json").stdout).items()}
    assert shown == stack_yaml.passed(path.read_bytes(), APPLICATION.names)[0] | {"aws:s3UsePathStyle": "true"}


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("pulumi config set --secret cams:key value", "./slipway secret set staging NAME"),
        ("echo value | pulumi config set cams:key --secret", "./slipway secret set staging NAME"),
        ("pulumi config set-all --plaintext a=b --secret c=d", "./slipway secret set staging NAME"),
        ("pulumi config cp --dest prod", "pulumi config set KEY VALUE --stack"),
        ("pulumi config refresh --force", f"git diff {FILE}"),
        ("pulumi config env add x", f"edit {FILE}"),
        ("pulumi stack rename other", f"git mv {FILE}"),
        ("pulumi stack change-secrets-provider passphrase", "without the local cloud's variables"),
        ("pulumi stack init dev --copy-config-from staging", "copy Pulumi.staging.yaml"),
        ("pulumi destroy --remove --yes", "pulumi stack rm staging"),
        ("pulumi preview --config-path -c cams:web.instances=2", "pulumi config set --path"),
        ("pulumi do aws:s3:Bucket list", "infra/"),
        ("pulumi new python --force --yes", "pulumi new --dir"),
        ("unset PULUMI_STACK; pulumi up --yes", "pulumi up --stack"),
        ("unset PULUMI_STACK; pulumi config set a b", "pulumi config set --stack"),
    ],
)
def test_what_cannot_be_kept_is_refused(staged: World, line: str, hint: str) -> None:
    """With exit code 2 and the right way; nothing has changed."""
    done = pulumi(staged, line)

    assert done.returncode == 2, done.output
    assert hint in done.stderr.partition("\n\nhint: ")[2]
    assert staged.checkout.changes() == ""


def test_a_stack_may_come_and_go_without_its_file(world: World, staging: Environment) -> None:
    """`init` selects it as with real accounts; `rm` does not delete what is checked in."""
    path = world.checkout.folder / "Pulumi.trial.yaml"
    path.write_text("config:\n  cams:environment: trial\n")
    try:
        made = pulumi(world, "unset PULUMI_STACK\npulumi stack init trial\npulumi config get environment")
        gone = pulumi(world, "unset PULUMI_STACK\npulumi stack rm trial --yes")

        assert (made.returncode, made.stdout.splitlines()[-1:]) == (0, ["trial"]), made
        assert gone.returncode == 0, gone
        assert path.read_text() == "config:\n  cams:environment: trial\n"
    finally:
        path.unlink()


def test_another_project_in_the_same_shell_keeps_its_own(world: World, staging: Environment, tmp_path: Path) -> None:
    """Its settings and its salt are written where the CLI always writes them."""
    (tmp_path / "Pulumi.yaml").write_text("name: another\nruntime: python\n")

    done = pulumi(
        world,
        "unset PULUMI_STACK; pulumi stack init dev && pulumi config set a b && pulumi config set --secret c d"
        " && pulumi config get c && pulumi stack rm dev --yes --preserve-config",
        tmp_path,
    )

    assert done.returncode == 0, done.output
    assert "d" in done.stdout.splitlines()
    assert "another:a: b\n" in (file := (tmp_path / "Pulumi.dev.yaml").read_text())
    assert "encryptionsalt: v1:" in file


def test_no_key_is_in_any_checked_in_file(staged: World) -> None:
    """What the tests above look for can be found."""
    assert salted(staged) == []
    (staged.checkout.folder / FILE).write_text("encryptionsalt: v1:x\n")
    assert salted(staged) == [FILE]


def test_every_command_of_the_cli_is_known(world: World, staging: Environment) -> None:
    """A later version's new command is looked at before it is passed on: may it write a stack file?"""
    spec = json.loads(world.pulumi("generate-cli-spec").stdout)
    treated = OPERATIONS | READS | WRITES | ELSEWHERE | NEEDS_STACK | set(REFUSED) | KNOWN_OTHERWISE

    unknown, misread = set(), []
    for path, node in commands(spec, []):
        words = Words(path)
        if words.command in treated:
            for name, flag in node.get("flags", {}).items():
                takes = flag["type"] != "boolean" and name not in OPTIONAL
                if OWN.get((words.command, name), name not in SWITCHES) != takes:
                    misread.append((words.command, name))
        elif path and not {path[0], " ".join(path[:2])} & OTHERS and path not in GROUPS:
            unknown.add(" ".join(path))

    assert unknown == set()
    assert misread == []


def commands(node: dict[str, Any], path: list[str]) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """Every command of the CLI, by its words."""
    yield path, node
    for name, below in (node.get("commands") or {}).items():
        yield from commands(below, [*path, name])
