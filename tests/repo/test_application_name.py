"""The application's name is data: it stands in one place of the code, and in the files of Pulumi and Render."""

from __future__ import annotations

import yaml

from infra.application import APPLICATION
from tests.support.tracked import text, tracked

PLACE = "infra/application.py"
# The application itself, and what tries the whole as people see it, with its real names.
MAY_SAY_IT = ("app/", "tests/")


def places() -> list[str]:
    """Every line that says it, comments too, as `file: line`."""
    return [
        f"{path}: {line.strip()}"
        for path in tracked()
        if (path.endswith(".py") or text(path).startswith("#!")) and not path.startswith(MAY_SAY_IT)
        for line in text(path).splitlines()
        if APPLICATION.name in line.lower()
    ]


def test_the_name_stands_in_one_place() -> None:
    """Whoever runs a second application changes that line."""
    assert places() == [f'{PLACE}: name="{APPLICATION.name}",']


def test_pulumis_project_has_the_same_name() -> None:
    """Its settings begin with it, and the local cloud finds its state by it."""
    assert yaml.safe_load(text("Pulumi.yaml"))["name"] == APPLICATION.name
