"""The project and the stack that a command is about."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.support.wrapped import COPY, pulumi


def selected(folder: Path) -> dict[str, object]:
    """`pulumi stack select staging` in that folder, as the CLI keeps it."""
    digest = hashlib.sha1(str(folder / "Pulumi.yaml").encode(), usedforsecurity=False).hexdigest()
    return {f"cams-{digest}-workspace.json": {"stack": "organization/cams/staging"}}


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
