"""The files that belong to the repository."""

from __future__ import annotations

import ast
import io
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def tracked() -> tuple[str, ...]:
    """Every path that git knows and that is there, from the top of the repository."""
    said = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = tuple(path for path in said.split("\0") if path and (ROOT / path).is_file())
    assert len(found) > 100, f"git lists {len(found)} files: is the test looking in the right place?"
    return found


@cache
def text(path: str) -> str:
    """A tracked file's content; nothing for what is no text."""
    try:
        return (ROOT / path).read_text()
    except UnicodeDecodeError:
        return ""


def python_files(*below: str) -> list[str]:
    """Tracked Python files, all of them or those below some folders."""
    found = [path for path in tracked() if path.endswith(".py") and path.startswith(below or ("",))]
    assert found, f"no Python files below {below}"
    return found


@cache
def tree(path: str) -> ast.Module:
    """A Python file, parsed."""
    return ast.parse(text(path), path)


def comments(source: str) -> Iterator[tuple[int, str]]:
    """A Python file's comments with their line numbers; what looks like one inside of a string is none."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def imported(source: ast.AST) -> Iterator[str]:
    """Every name that a file imports, in functions and for types alone as well; `from a import b` is `a.b`."""
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
