"""The front end's build."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.fixture
def frontend(app: Path, tmp_path: Path) -> Path:
    """A copy of the sources that a test may break."""
    return Path(shutil.copytree(app / "frontend", tmp_path / "frontend", ignore=shutil.ignore_patterns("dist*")))


def build(frontend: Path) -> subprocess.CompletedProcess[str]:
    """Run the build from another folder, as a pipeline may."""
    return subprocess.run(
        [str(frontend / "build.sh")], cwd="/", capture_output=True, text=True, timeout=30, check=False
    )


def test_files_carry_the_hash_of_their_content(frontend: Path) -> None:
    """dist/ holds the page and what it names, nothing else, each under a name that changes with it."""
    assert build(frontend).returncode == 0

    hashes = {
        name: hashlib.sha256((frontend / name).read_bytes()).hexdigest()[:10] for name in ("app.js", "style.css")
    }
    expected = {f"app.{hashes['app.js']}.js", f"style.{hashes['style.css']}.css"}
    page = (frontend / "dist/index.html").read_text()
    assert {file.name for file in (frontend / "dist").iterdir()} == expected | {"index.html"}
    assert set(re.findall(r'(?:src|href)="([^":,]+)"', page)) == expected


def test_a_second_build_replaces_the_first(frontend: Path) -> None:
    """No file of an older build stays in dist/."""
    build(frontend)
    (frontend / "style.css").write_text("body { color: red }")

    assert build(frontend).returncode == 0
    assert len(list((frontend / "dist").iterdir())) == 3


def test_a_broken_build_fails_and_keeps_the_last_good_one(frontend: Path) -> None:
    """A missing file is exit code not 0, and dist/ is as it was."""
    build(frontend)
    before = sorted(file.name for file in (frontend / "dist").iterdir())
    (frontend / "style.css").unlink()

    assert build(frontend).returncode != 0
    assert sorted(file.name for file in (frontend / "dist").iterdir()) == before


def test_a_page_that_forgets_a_file_is_refused(frontend: Path) -> None:
    """index.html must use what the build hashes."""
    page = frontend / "index.html"
    page.write_text(page.read_text().replace("app.js", "main.js"))

    done = build(frontend)

    assert (done.returncode, done.stderr) == (1, "build.sh: index.html does not use app.js\n")


def test_the_page_asks_only_its_own_origin(app: Path) -> None:
    """Every address in the scripts is relative, so the same build serves each environment."""
    script = (app / "frontend/app.js").read_text()

    assert set(re.findall(r'fetch\("([^"]+)"', script)) == {"/api/health/", "/api/exams/", "/api/exams/?limit=100"}
    assert "http" not in script
