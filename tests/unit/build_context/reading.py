"""Reads a `.dockerignore` as a build does, and follows one path through it."""

from __future__ import annotations

from pathlib import Path

from build_context.ignore import NOWHERE, Ignore


def left_out(folder: Path, text: str, path: str) -> bool:
    """Whether the lines leave the path out: its folders are asked first, as on a walk."""
    file = folder / "read.dockerignore"
    file.write_bytes(text.encode())
    ignore = Ignore.load(file)
    match, above = NOWHERE, path.rpartition("/")[0]
    parts = above.split("/") if above else []
    for inner in [*("/".join(parts[: count + 1]) for count in range(len(parts))), path]:
        match = ignore.match(inner, match)
    return match.left_out
