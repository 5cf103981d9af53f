"""A whole `.dockerignore`: its lines, their order, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from build_context.ignore import Ignore, IgnoreError
from tests.unit.build_context.reading import left_out


@pytest.mark.parametrize(
    ("rules", "path", "out"),
    [
        ("*.md", "README.md", True),
        ("*.md", "docs/README.md", False),
        ("**/*.md", "docs/deep/README.md", True),
        ("**/*.md", "README.md", True),
        ("docs", "docs/deep/README.md", True),
        ("docs/", "docs/README.md", True),
        ("/docs", "docs/README.md", True),
        ("docs", "more/docs/README.md", False),
        ("*.md\n!README.md", "README.md", False),
        ("!README.md\n*.md", "README.md", True),
        ("# notes", "# notes", False),
        ("note?.txt", "notes.txt", True),
        ("note?.txt", "note/.txt", False),
        ("[a-c].txt", "b.txt", True),
        ("[a-c].txt", "d.txt", False),
        ("[^a-c].txt", "d.txt", True),
        (".env*", ".env.prod", True),
        ("a.b", "aXb", False),
        ("docs/**", "docs/deep/README.md", True),
    ],
)
def test_dockerignore_means_what_docker_says(rules: str, path: str, out: bool, tmp_path: Path) -> None:
    """Patterns from the root, the last match wins, a folder takes its files along."""
    assert left_out(tmp_path, rules, path) is out


@pytest.mark.parametrize(
    ("patterns", "out", "kept"),
    [
        ("*.pyc", ["a.pyc"], ["b/a.pyc", "a.py"]),
        ("**/*.pyc", ["a.pyc", "b/c/a.pyc"], ["a.py"]),
        ("node_modules", ["node_modules/x/y.js"], ["web/node_modules/x.js"]),
        ("**/node_modules", ["node_modules/x", "web/node_modules/x"], ["web/x"]),
        ("*\n!keep\n", ["a", "b/c"], ["keep", "keep/x"]),
        ("docs\n!docs/README.md", ["docs/a.md"], ["docs/README.md"]),
        ("# a comment\n\n/dist/", ["dist/a"], ["web/dist/a"]),
        ("temp?", ["temp1"], ["temp", "temp12"]),
        ("[ab].txt", ["a.txt"], ["c.txt"]),
    ],
)
def test_a_dockerignore_leaves_out_what_docker_would(
    patterns: str, out: list[str], kept: list[str], tmp_path: Path
) -> None:
    """The last pattern that matches decides."""
    assert [left_out(tmp_path, patterns, path) for path in out] == [True] * len(out)
    assert [left_out(tmp_path, patterns, path) for path in kept] == [False] * len(kept)


@pytest.mark.parametrize(
    ("patterns", "path", "out"),
    [
        ("!fileutils.go\n*.go", "fileutils.go", True),
        ("*.go\n!fileutils.go", "fileutils.go", False),
        ("docs/\n!docs/README.md", "docs/README.md", False),
        ("docs/*\n!docs/README.md", "docs/README.md", False),
        ("**\n!util/docker/web", "util/docker/web/foo", False),
        ("**\n!util/docker/web\nutil/docker/web/foo", "util/docker/web/foo", True),
        ("**\n!dist/proxy-2.4.0rc3+g08acad9.whl", "dist/proxy-2.4.0rc3+g08acad9.whl", False),
        ("**\n!dist/*.whl", "dist/proxy-2.4.0rc3+g08acad9.whl", False),
        # A folder of which nothing was left out is not asked for again: Docker takes only the files themselves back.
        ("docs/*.md\n!docs", "docs/README.md", True),
        ("docs/*.md\n!docs/*", "docs/README.md", False),
        ("docs\n!docs", "docs/README.md", False),
        ("docs\n!docs\ndocs/*.md\n!docs", "docs/README.md", True),
    ],
)
def test_what_is_taken_back_is_what_docker_takes_back(patterns: str, path: str, out: bool, tmp_path: Path) -> None:
    """Exceptions in the order of their lines, and with the folders above."""
    assert left_out(tmp_path, patterns, path) is out


@pytest.mark.parametrize(
    ("text", "path", "out"),
    [
        ("\ufeffnotes", "notes", True),
        ("\ufeff# notes", "# notes", False),
        ("a\n\ufeffnotes", "notes", False),
        ("notes\r\nother\r\n", "notes", True),
        ("   notes  \t", "notes", True),
        ("*\n  !notes  ", "notes", False),
        ("*\n! notes", "notes", False),
        ("*\n! /in/notes", "in/notes", False),
        ("  # notes", "# notes", True),  # only in the first column does it start a comment
        ("\\# notes", "# notes", True),
        ("*\n!!keep", "keep", True),  # what is taken back is the file named `!keep`
        ("*\n!!keep", "!keep", False),
        ("a b", "a b", True),
        ("a\x0bb", "b", False),  # a line ends where a line feed is, and nowhere else
        ("", "notes", False),
        ("\n \n\t\n", "notes", False),
    ],
)
def test_lines_are_cut_as_docker_cuts_them(text: str, path: str, out: bool, tmp_path: Path) -> None:
    """Blanks around a pattern, comments, a byte order mark, and the ends of lines."""
    assert left_out(tmp_path, text, path) is out


def test_all_that_is_wrong_is_told_at_once_by_its_line(tmp_path: Path) -> None:
    """With the file's name, and where it says what may stand there."""
    file = tmp_path / ".dockerignore"
    file.write_text("# first\nok\n\n  a[\n!\n")

    with pytest.raises(IgnoreError) as raised:
        Ignore.load(file)

    assert str(raised.value) == (
        f"{file} cannot be read as Docker reads it: 2 lines are wrong\n"
        "  line 4, `a[`: a `[` has no `]`, or there is nothing, or a `-` that needs a backslash, between them\n"
        "  line 5, `!`: an exclamation mark takes nothing back\n\n"
        "hint: mend it; what may stand there: https://docs.docker.com/build/concepts/context/#syntax"
    )


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    """Docker hands patterns on as UTF-8."""
    file = tmp_path / ".dockerignore"
    file.write_bytes(b"caf\xe9\n")

    with pytest.raises(IgnoreError, match=r"it is not UTF-8 \(byte 4\)"):
        Ignore.load(file)
