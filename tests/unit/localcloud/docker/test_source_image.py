"""What a source image depends on, and what it does not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from localcloud.docker.source_image import Recipe


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """Two files and a Dockerfile outside of the context."""
    (tmp_path / "app/inner").mkdir(parents=True)
    (tmp_path / "app/start.py").write_text("1\n")
    (tmp_path / "app/inner/b.py").write_text("2\n")
    (tmp_path / "Dockerfile").write_text("FROM x\nWORKDIR /app\n")
    return tmp_path / "app"


def recipe(context: Path) -> Recipe:
    """The image of the context."""
    dockerfile = context.parent / "Dockerfile"
    return Recipe.load(context=context, dockerfile=dockerfile, platform="linux/amd64")


def test_times_and_the_umask_are_no_part_of_an_image(context: Path) -> None:
    """The same files give the same image on every machine."""
    first = recipe(context)

    digest = first.image().digest
    os.utime(context / "start.py", (1, 1))
    (context / "start.py").chmod(0o600)

    assert recipe(context).image().digest == digest


@pytest.mark.parametrize("change", ["content", "name", "executable", "start", "empty file"])
def test_whatever_is_part_of_an_image_changes_both_digests(context: Path, change: str) -> None:
    """Content, names, the executable bit, and how it is started."""
    first = recipe(context)
    digest = first.image().digest

    if change == "content":
        (context / "start.py").write_text("3\n")
    elif change == "name":
        (context / "start.py").rename(context / "begin.py")
    elif change == "executable":
        (context / "start.py").chmod(0o755)
    elif change == "start":
        (context.parent / "Dockerfile").write_text("FROM x\nWORKDIR /srv\n")
    else:
        (context / "new.py").write_text("")

    assert recipe(context).image().digest != digest
