"""What sets the project up and checks it says the same in every place."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from tests.repo.tracked import text

PROJECT = tomllib.loads(text("pyproject.toml"))
LOCK = tomllib.loads(text("uv.lock"))
REQUIREMENT = re.compile(r"^(?P<name>[\w-]+)(?:\[(?P<extras>[\w,-]+)\])?(?P<specifier>.*)$")


def wanted(requirements: list[str]) -> set[tuple[str, tuple[str, ...], str]]:
    """Requirements as pyproject.toml writes them."""
    found = [REQUIREMENT.match(one) for one in requirements]
    return {(one["name"], tuple((one["extras"] or "").split(",")), one["specifier"]) for one in found if one}


def locked(requirements: list[dict[str, Any]]) -> set[tuple[str, tuple[str, ...], str]]:
    """The same as uv.lock writes them."""
    return {(one["name"], tuple(one.get("extras", [""])), one.get("specifier", "")) for one in requirements}


def test_uv_lock_is_up_to_date():
    """Every requirement of pyproject.toml is the one that was locked; else: uv lock."""
    [ours] = [one for one in LOCK["package"] if one["name"] == PROJECT["project"]["name"]]

    assert locked(ours["metadata"]["requires-dist"]) == wanted(PROJECT["project"]["dependencies"])
    assert {name: locked(group) for name, group in ours["metadata"]["requires-dev"].items()} == {
        name: wanted(group) for name, group in PROJECT["dependency-groups"].items()
    }
    assert LOCK["requires-python"] == PROJECT["project"]["requires-python"]


def test_ci_runs_the_readmes_test_command_and_nothing_else():
    """What people run is what CI runs."""
    lines = [line for line in text(".ci/run").splitlines() if line and not line.startswith("#")]

    assert lines == ["set -eu", 'cd "$(dirname "$0")/.."', "exec ./slipway test"]
    assert "./slipway test" in text("README.md").splitlines()


def test_the_launcher_and_the_readme_ask_for_the_same_python_and_go():
    """As pyproject.toml and the engine's installer do."""
    python = PROJECT["project"]["requires-python"].removeprefix(">=")
    [go] = re.findall(r"^GO_AT_LEAST = \((\d+), (\d+), (\d+)\)", text("localcloud/engine/install.py"), re.MULTILINE)

    assert f"Python ≥ {python}" in text("README.md")
    assert f"Go ≥ {'.'.join(go)}" in text("README.md")
    assert f"Python {python} or later" in text("slipway")
    assert f"Go {'.'.join(go)}+" in text("slipway")
    assert f"(3, {python.split('.')[1]})" in text("slipway")


def test_the_engine_and_the_plugins_have_the_versions_of_their_packages():
    """A program and an engine of two versions misunderstand each other."""
    pinned = dict(one.split("==") for one in PROJECT["project"]["dependencies"] if "==" in one)
    module = text("localcloud/engine/module/go.mod")
    [bundled] = re.findall(r"^VERSIONS = (\{.*\})$", text("localcloud/plugins/bundle.py"), re.MULTILINE)

    assert f"github.com/pulumi/pulumi/pkg/v3 v{pinned['pulumi']}" in module
    assert bundled == str({n: pinned[f"pulumi-{n}"] for n in ("aws", "random")}).replace("'", '"')
