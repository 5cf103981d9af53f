"""The app's packages and its image."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]


def locked() -> dict[str, dict[str, Any]]:
    """Every package of uv.lock by name."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    return {package["name"]: package for package in lock["package"]}


def wanted(packages: dict[str, dict[str, Any]]) -> set[str]:
    """The `app` group and all that it needs."""
    todo = [(need["name"], need.get("extra", ())) for need in packages["slipway"]["dev-dependencies"]["app"]]
    found: set[tuple[str, tuple[str, ...]]] = set()
    while todo:
        name, extras = todo.pop()
        if (name, tuple(extras)) in found:
            continue
        found.add((name, tuple(extras)))
        package = packages[name]
        needs = list(package.get("dependencies", ()))
        for extra in extras:
            needs += package["optional-dependencies"][extra]
        todo += [(need["name"], need.get("extra", ())) for need in needs]
    return {name for name, _ in found}


def test_requirements_are_exactly_what_is_locked(app: Path) -> None:
    """The container installs the versions that the tests ran with: `uv export` as the file's head says."""
    packages = locked()
    pins = dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", (app / "requirements.txt").read_text(), flags=re.MULTILINE))

    assert pins == {name: packages[name]["version"] for name in wanted(packages)}


def instructions(dockerfile: str) -> list[tuple[str, str]]:
    """A Dockerfile's instructions with their arguments, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", dockerfile)
    return [
        (line.split()[0], line.split(maxsplit=1)[1])
        for line in text.splitlines()
        if line.strip() and not line.startswith("#")
    ]


def test_the_image_serves_as_nobody_in_particular(app: Path) -> None:
    """The last stage runs `start.py web` in /app, unprivileged, with a health check, on the port it exposes."""
    all_of_it = instructions((app / "Dockerfile").read_text())
    last_from = max(index for index, (name, _) in enumerate(all_of_it) if name == "FROM")
    stage = dict(all_of_it[last_from:])

    assert stage["WORKDIR"] == "/app"
    assert json.loads(stage["CMD"]) == ["python", "start.py", "web"]
    assert stage["USER"] == "cams"
    assert ("ENV", f"PORT={stage['EXPOSE']}") in all_of_it
    assert "/healthz" in stage["HEALTHCHECK"]


def test_packages_are_installed_before_the_code_is_copied(app: Path) -> None:
    """A change of the code leaves the layer of packages in the cache."""
    names = [f"{name} {argument}" for name, argument in instructions((app / "Dockerfile").read_text())]

    install = next(index for index, line in enumerate(names) if "requirements.txt" in line and line.startswith("RUN"))
    assert install < names.index("COPY . .")


def test_the_image_leaves_out_what_it_does_not_run(app: Path) -> None:
    """No test and no env file gets into the image; the front end does, since it is part of the release."""
    ignored = (app / ".dockerignore").read_text().splitlines()

    assert {"tests", ".env*", "**/__pycache__"} <= set(ignored)
    assert not any("frontend" in line for line in ignored)
