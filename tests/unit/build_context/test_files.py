"""The files of a context: what names an image and what is in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from build_context.files import files
from infra.content import content_hash
from localcloud.docker.source_image import Recipe


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """A Dockerfile, a page in a folder, and notes."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/index.html").write_text("<p>\n")
    (tmp_path / "notes.md").write_text("nobody builds this\n")
    (tmp_path / "Dockerfile").write_text("FROM x\nWORKDIR /app\n")
    return tmp_path


def build(context: Path) -> list[str]:
    """The files that a build with the context's own Dockerfile is given."""
    return files(context, context / "Dockerfile")


def test_a_dockerfiles_own_ignore_file_goes_before_the_contexts(context: Path) -> None:
    """`Dockerfile.dockerignore` is read in its place, and the other is a file like any."""
    (context / ".dockerignore").write_text("pages\n")
    (context / "Dockerfile.dockerignore").write_text("*.md\nDockerfile*\n")

    assert build(context) == [".dockerignore", "pages/index.html"]


def test_the_ignore_file_of_a_dockerfile_elsewhere_lies_beside_it(
    context: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """It is named after the Dockerfile, and its patterns start at the context."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "web.dockerignore").write_text("pages\n")

    assert files(context, elsewhere / "web") == ["Dockerfile", "notes.md"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("*\n!pages/index.html\n", ["pages/index.html"]),  # nothing else of a folder that is left out comes back
        ("pages\n", [".dockerignore", "Dockerfile", "notes.md"]),
        ("**\n", []),
    ],
)
def test_folders_are_walked_for_what_is_taken_back(context: Path, text: str, kept: list[str]) -> None:
    """A folder that is left out may have a file that is not."""
    (context / ".dockerignore").write_text(text)

    assert build(context) == kept


def test_links_are_files_and_are_not_followed(context: Path) -> None:
    """To a folder, to a file, or to nothing."""
    (context / "folder").symlink_to("pages")
    (context / "nothing").symlink_to("nowhere")

    assert build(context) == ["Dockerfile", "folder", "notes.md", "nothing", "pages/index.html"]


def test_what_is_no_file_is_left_out(context: Path) -> None:
    """Nobody waits for what a pipe says."""
    os.mkfifo(context / "pipe")

    assert "pipe" not in build(context)
    assert content_hash(context)


def test_a_folder_that_cannot_be_read_is_told_unless_it_is_left_out(
    context: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An image without it would be another one."""
    scandir = os.scandir

    def refuse(folder: Path) -> object:
        if folder.name == "pages":
            raise PermissionError(13, "Permission denied", str(folder))
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)  # root may read everything

    with pytest.raises(PermissionError):
        build(context)
    (context / ".dockerignore").write_text("*\n!notes.md\n")
    assert build(context) == ["notes.md"]


@pytest.mark.parametrize(
    "text", ["x[^a]y", "!!keep", "*\n!!keep", "././x", "  # keep", "docs/*.md\n!docs", "*\n!docs/**"]
)
@pytest.mark.parametrize("file", [".dockerignore", "Dockerfile.dockerignore"])
def test_what_names_an_image_is_what_is_in_it(context: Path, file: str, text: str) -> None:
    """A file that is in the image changes its name, one that is not does not."""
    (context / file).write_text(f"{text}\n")
    (context / "docs").mkdir()
    for name in ("x", "keep", "!keep", "# keep", "docs/a.md"):
        (context / name).write_text("one\n")
    built = Recipe.load(context=context, dockerfile=context / "Dockerfile", platform="linux/amd64").files

    for name in sorted(path.relative_to(context).as_posix() for path in context.rglob("*") if path.is_file()):
        if name not in ("Dockerfile", file):
            before = content_hash(context)
            (context / name).write_text("two\n")
            assert (content_hash(context) != before) is (name in built), name


def test_the_dockerfile_names_an_image_that_does_not_have_it(context: Path) -> None:
    """What is built depends on it, whether or not it is copied."""
    (context / ".dockerignore").write_text("*\n!pages\n")
    before = content_hash(context)

    (context / "Dockerfile").write_text("FROM y\nWORKDIR /app\n")

    assert build(context) == ["pages/index.html"]
    assert content_hash(context) != before
