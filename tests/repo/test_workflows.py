"""Workflow files: what tools for them find, and what the house asks for besides."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from localcloud.github.runs.act import without_local_one
from localcloud.machine.go_programs import ACTIONLINT
from tests.support.checkout import ROOT

FILES = sorted((ROOT / ".github/workflows").glob("*.yml"))
ACTIONS = sorted((ROOT / ".github/actions").glob("*/action.yml"))


def read(path: Path) -> dict[str, Any]:
    """The file; the word `on` is no yes."""
    said: dict[Any, Any] = yaml.safe_load(path.read_text())
    return {str(name).replace("True", "on"): value for name, value in said.items()}


def jobs() -> list[tuple[str, dict[str, Any]]]:
    """Every job of every file."""
    return [(f"{path.name} {name}", job) for path in FILES for name, job in read(path)["jobs"].items()]


def steps() -> list[tuple[str, dict[str, Any]]]:
    """Every step of every job and of our own actions."""
    found = [(name, step) for name, job in jobs() for step in job.get("steps", ())]
    return found + [(path.parent.name, step) for path in ACTIONS for step in read(path)["runs"]["steps"]]


def test_actionlint_finds_nothing() -> None:
    """Syntax, expressions, types of inputs: https://github.com/rhysd/actionlint."""
    if not ACTIONLINT.kept.exists() and shutil.which("go") is None:
        pytest.skip("there is no Go to build actionlint with")
    program = ACTIONLINT.ensure(print)

    done = subprocess.run([program, "-no-color"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)

    assert (done.returncode, done.stdout) == (0, "")


def test_zizmor_finds_nothing() -> None:
    """https://docs.zizmor.sh, with everything that it knows without the network."""
    program = Path(sys.executable).with_name("zizmor")
    if not program.exists():
        pytest.skip("there is no wheel of zizmor for this machine")

    command = [str(program), "--persona", "pedantic", "--offline", "--no-progress", ".github"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 0, done.stdout
    assert "No findings to report" in done.stdout


def test_every_action_is_pinned_by_its_commit() -> None:
    """With its tag beside it, and one that can be run on one's own machine."""
    pinned = re.compile(r"uses: (\./\S+|[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d[\w.]*)$")
    lines = [line.strip().removeprefix("- ") for path in (*FILES, *ACTIONS) for line in path.read_text().splitlines()]

    assert [line for line in lines if line.startswith("uses:") and not pinned.match(line)] == []
    assert without_local_one(ROOT) == []


def test_every_file_gives_nothing_and_every_job_says_what_it_needs() -> None:
    """`permissions: {}` at the top, rights and a time limit for each job."""
    assert [path.name for path in FILES if read(path).get("permissions") != {}] == []
    assert [name for name, job in jobs() if not job.get("permissions")] == []
    assert [name for name, job in jobs() if "uses" not in job and not 0 < job["timeout-minutes"] <= 60] == []


def test_a_deploy_is_never_cancelled_halfway() -> None:
    """What changes an environment waits for what changes it."""
    changing = ("deploy.yml", "rollback.yml")
    groups = {path.name: read(path)["concurrency"] for path in FILES if path.name in changing}

    assert {name: group["cancel-in-progress"] for name, group in groups.items()} == dict.fromkeys(changing, False)
    assert len({group["group"] for group in groups.values()}) == 1


def test_every_step_is_one_command_that_a_person_can_run() -> None:
    """Of ours; what is around it only hands on what it printed. No expression is put into a shell."""
    scripts = [(name, step["run"]) for name, step in steps() if "run" in step]

    assert [name for name, script in scripts if "${{" in script] == []
    assert [name for name, script in scripts if script.count("./slipway") > 1] == []


def test_no_failure_is_swallowed() -> None:
    """GitHub's own shell has no pipefail, a shell that is named has; and `echo "$(false)"` is a success in any."""
    scripts = [(name, step["run"]) for name, step in steps() if "run" in step]
    shells = [step["shell"] for path in ACTIONS for step in read(path)["runs"]["steps"] if "run" in step]

    assert [path.name for path in FILES if read(path).get("defaults") != {"run": {"shell": "bash"}}] == []
    assert {step["shell"] for _, step in steps() if "shell" in step} | set(shells) == {"bash"}
    assert [name for name, script in scripts if re.search(r"echo [^\n]*\$\(", script)] == []


def test_no_credential_outlives_a_checkout() -> None:
    """Nor is any stored: the only secret is Render's key, of the environment that the job names."""
    checkouts = [(name, step) for name, step in steps() if step.get("uses", "").startswith("actions/checkout@")]
    secrets = {found for path in FILES for found in re.findall(r"secrets\.(\w+)", path.read_text())}

    assert [name for name, step in checkouts if step["with"].get("persist-credentials") is not False] == []
    assert secrets == {"RENDER_API_KEY"}
