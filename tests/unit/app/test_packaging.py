"""The app's packages and its image."""

from __future__ import annotations

from pathlib import Path

from localcloud.images.dockerfile import parse
from tests.support.locked import locked, pinned, versions

ROOT = Path(__file__).parents[3]


def test_requirements_are_exactly_what_is_locked(app: Path) -> None:
    """The container installs the versions that the tests ran with: `uv export` as the file's head says."""
    packages = locked()
    app_needs = packages["slipway"]["dev-dependencies"]["app"]

    assert pinned(app / "requirements.txt") == versions(packages, app_needs)


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
