"""The front end's build, and that one which is not whole is none."""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
from cams.failures import StartError
from pages.build import build
from pages.file import File, fits, hashed, is_hashed


@pytest.fixture
def sources(app: Path, tmp_path: Path) -> Path:
    """A copy of the sources that a test may break."""
    return Path(shutil.copytree(app / "frontend", tmp_path / "frontend"))


def test_assets_carry_the_hash_of_their_content(sources: Path) -> None:
    """Each is under a name that changes with it, and the page names those and nothing else."""
    made = build(sources)

    hashes = {
        name: hashlib.sha256((sources / name).read_bytes()).hexdigest()[:10] for name in ("app.js", "style.css")
    }
    assert set(made.assets) == {f"app.{hashes['app.js']}.js", f"style.{hashes['style.css']}.css"}
    named = re.findall(r'(?:src|href)="([^":,]+)"', made.page.content.decode())
    assert set(named) == {f"/assets/{name}" for name in made.assets}


def test_the_same_sources_are_the_same_front_end(sources: Path) -> None:
    """Whenever and wherever it is made: one digest is one set of pages, on every instance."""
    assert build(sources) == build(Path(shutil.copytree(sources, sources.with_name("elsewhere"))))


def test_every_file_is_compressed_once(sources: Path) -> None:
    """By brotli and by gzip, to the same content; a page of another content has another tag, whatever its size."""
    made = build(sources)

    for file in (made.page, *made.assets.values()):
        assert brotli.decompress(file.compressed["br"]) == gzip.decompress(file.compressed["gzip"]) == file.content
    script = sources / "app.js"
    script.write_text(script.read_text().replace("5000", "6000"))
    changed = build(sources)
    assert len(changed.page.content) == len(made.page.content)
    assert changed.page.etag != made.page.etag


def test_what_gets_no_smaller_is_left_as_it_is() -> None:
    """A picture, or a line, is sent without a coding."""
    assert File.of("dot.png", hashlib.sha512(b"noise").digest()).compressed == {}


def test_media_types_are_our_own() -> None:
    """This machine's own list of types has no say; text says its character set."""
    types = {
        name: File.of(name, b"x").media_type for name in ("a.js", "a.css", "a.html", "a.svg", "a.woff2", "a.json")
    }

    assert types == {
        "a.js": "text/javascript; charset=utf-8",
        "a.css": "text/css; charset=utf-8",
        "a.html": "text/html; charset=utf-8",
        "a.svg": "image/svg+xml",
        "a.woff2": "font/woff2",
        "a.json": "application/json",
    }


def _keep_only(folder: Path, name: str) -> None:
    for path in folder.iterdir():
        if path.name != name:
            path.unlink()


BREAKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no page": (lambda at: (at / "index.html").unlink(), "index.html is missing or empty"),
    "an empty page": (lambda at: (at / "index.html").write_text(" \n"), "index.html is missing or empty"),
    "an empty script": (lambda at: (at / "app.js").write_text(""), "app.js is missing or empty"),
    "a missing style": (lambda at: (at / "style.css").unlink(), "index.html names style.css, which is not there"),
    "no assets": (lambda at: _keep_only(at, "index.html"), "there is nothing beside index.html"),
    "a forgotten script": (lambda at: (at / "more.js").write_text("1"), "index.html does not use more.js"),
    "a page that is no text": (lambda at: (at / "index.html").write_bytes(b"\xff"), "can't decode byte 0xff"),
    "no folder": (shutil.rmtree, "No such file or directory"),
}


@pytest.mark.parametrize("what", BREAKS)
def test_one_that_is_not_whole_is_none(sources: Path, what: str) -> None:
    """It says what is wrong and what to do, and nothing is made of it."""
    spoil, why = BREAKS[what]
    spoil(sources)

    with pytest.raises(StartError) as caught:
        build(sources)

    assert str(caught.value).startswith("cannot build the front end: ")
    assert why in str(caught.value)
    assert str(caught.value).endswith("\n\nhint: mend frontend/; python -m pages.build tries it")


def test_a_broken_one_stops_the_build_of_an_image(app: Path, tmp_path: Path) -> None:
    """The command that the Dockerfile runs: 0 and the sizes, or 1 and why."""
    copy = Path(shutil.copytree(app, tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__")))

    whole = _try(copy)
    (copy / "frontend/app.js").unlink()
    broken = _try(copy)

    assert (whole.returncode, whole.stdout.count(" bytes, ")) == (0, 3)
    assert (broken.returncode, broken.stderr.splitlines()[0]) == (
        1,
        "cannot build the front end: index.html names app.js, which is not there",
    )
    assert "python -m pages.build" in (app / "Dockerfile").read_text()


def _try(app: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pages.build"], cwd=app, capture_output=True, text=True, timeout=30, check=False
    )


def test_a_name_is_that_of_one_content() -> None:
    """What the database gives under a name is compared with it."""
    name = hashed("app.min.js", b"one")

    assert re.fullmatch(r"app\.min\.[0-9a-f]{10}\.js", name)
    assert (fits(name, b"one"), fits(name, b"other"), fits("app.js", b"one")) == (True, False, False)


@pytest.mark.parametrize("name", ["app.js", "../app.0123456789.js", "app.0123456789", "app.0123456789.js.map/x", ""])
def test_what_cannot_be_an_assets_name_is_known(name: str) -> None:
    """Nobody is asked for it."""
    assert not is_hashed(name)


def test_the_page_asks_only_its_own_origin(app: Path) -> None:
    """Every address in the scripts is relative, so the same build serves each environment."""
    script = (app / "frontend/app.js").read_text()

    assert set(re.findall(r'fetch\("([^"]+)"', script)) == {"/api/health/", "/api/exams/", "/api/exams/?limit=100"}
    assert "http" not in script
