"""The app's packages and its image."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from localcloud.images.dockerfile import parse

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


def test_the_image_serves_as_nobody_in_particular(app: Path) -> None:
    """A build without a target makes what runs `start.py web` in /app, unprivileged, with a health check."""
    text = (app / "Dockerfile").read_text()
    start = parse(text)

    assert (start.workdir, start.argv) == ("/app", ("python", "start.py", "web"))
    assert start.user.partition(":")[0] not in ("", "0", "root")
    assert start.ports == (f"{start.env['PORT']}/tcp",)
    assert "/healthz" in text[text.index("HEALTHCHECK") :]


def test_the_image_leaves_out_what_it_does_not_run(app: Path) -> None:
    """No test and no env file gets into the image; the front end does, since it is part of the release."""
    ignored = (app / ".dockerignore").read_text().splitlines()

    assert {"tests", "**/.env*", "**/__pycache__"} <= set(ignored)
    assert not any("frontend" in line for line in ignored)
