"""A name for what a folder holds: the same files, the same name, on every machine."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

Rule = tuple[re.Pattern[str], bool]  # what it matches, and whether it excludes


def content_hash(folder: Path) -> str:
    """Hash the paths, contents and executable bits of all that a build of this folder would see."""
    total = hashlib.sha256()
    for path in sorted(files(folder)):
        file = folder / path
        if file.is_symlink():
            kind, content = "link", os.fsencode(file.readlink())
        else:
            kind, content = "run" if os.access(file, os.X_OK) else "file", file.read_bytes()
        total.update(f"{kind} {path} {len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()


def files(folder: Path) -> Iterator[str]:
    """Every file of a build context, below the folder and with `/`, that .dockerignore lets through."""
    ignore = folder / ".dockerignore"
    rules = parse(ignore.read_text()) if ignore.exists() else []
    for directory, _, found in os.walk(folder):
        for name in found:
            path = (Path(directory) / name).relative_to(folder).as_posix()
            if not excluded(path, rules):
                yield path
    # A folder that is a link is listed by `os.walk` among the folders, and not entered.
    for directory, folders, _ in os.walk(folder):
        for name in folders:
            path = (Path(directory) / name).relative_to(folder).as_posix()
            if (folder / path).is_symlink() and not excluded(path, rules):
                yield path


def parse(text: str) -> list[Rule]:
    """The rules of a .dockerignore, in order."""
    rules = []
    for line in text.splitlines():
        pattern = line.strip()
        if not pattern or line.startswith("#"):
            continue
        excludes = not pattern.startswith("!")
        pattern = pattern.removeprefix("!").strip().removeprefix("./").strip("/")
        if pattern:
            rules.append((_compiled(pattern), excludes))
    return rules


def excluded(path: str, rules: list[Rule]) -> bool:
    """The last rule that matches the path, or a folder that it is in, decides."""
    parts = path.split("/")
    folders = ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
    verdict = False
    for pattern, excludes in rules:
        if any(pattern.fullmatch(candidate) for candidate in folders):
            verdict = excludes
    return verdict


def _compiled(pattern: str) -> re.Pattern[str]:
    """Docker's patterns: `**` is any number of folders, `*` and `?` stay inside one, `[a-z]` as in a shell."""
    out = ""
    for part in re.findall(r"\*\*/|\*\*|\*|\?|\[[^\]]*\]|\\.|.", pattern):
        if part == "**/":
            out += "(?:.*/)?"
        elif part == "**":
            out += ".*"
        elif part in {"*", "?"}:
            out += "[^/]" + part.replace("?", "")
        elif part.startswith("["):
            out += part
        else:
            out += re.escape(part.removeprefix("\\") or part)
    return re.compile(out)
