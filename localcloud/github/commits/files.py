"""What changed between two commits, file by file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from localcloud.github.git.repository import git
from localcloud.github.repositories.bodies import html_url, url
from localcloud.github.repositories.model import Repository

STATUS = {"A": "added", "M": "modified", "D": "removed", "R": "renamed", "C": "copied", "T": "changed"}


@dataclass(frozen=True)
class File:
    """One file that changed."""

    path: str
    before: str
    status: str
    blob: str
    additions: int
    deletions: int
    patch: str


def changed(base: str, head: str) -> list[File]:
    """Renames are found as GitHub finds them."""
    options = ("-M", "-z", "--no-ext-diff", base, head)
    raw = git("diff-tree", "-r", "--raw", "--no-abbrev", *options).split("\0")
    counts = _counts(git("diff-tree", "-r", "--numstat", *options).split("\0"))
    files, place = [], 0
    while place < len(raw) and raw[place].startswith(":"):
        words, letter = raw[place].split(), raw[place].split()[4][0]
        before = raw[place + 1]
        path = raw[place + 2] if letter in "RC" else before
        place += 3 if letter in "RC" else 2
        added, deleted = counts.get(path, (0, 0))
        blob = words[2] if letter == "D" else words[3]
        files.append(
            File(path, before, STATUS.get(letter, "changed"), blob, added, deleted, _patch(base, head, before, path))
        )
    return files


def _counts(words: list[str]) -> dict[str, tuple[int, int]]:
    counts, place = {}, 0
    while place < len(words) and words[place]:
        added, deleted, path = words[place].split("\t")
        if not path:  # of a rename both names follow
            path, place = words[place + 2], place + 2
        counts[path] = (int(added) if added != "-" else 0, int(deleted) if deleted != "-" else 0)
        place += 1
    return counts


def _patch(base: str, head: str, *paths: str) -> str:
    text = git("diff", "-M", "--no-ext-diff", "--no-color", base, head, "--", *dict.fromkeys(paths))
    start = text.find("\n@@")
    return text[start + 1 :].rstrip("\n") if start >= 0 else ""


def file_body(repository: Repository, commit: str, file: File) -> dict[str, Any]:
    """A file of a comparison, a commit or a pull request."""
    return {
        "sha": file.blob,
        "filename": file.path,
        "status": file.status,
        "additions": file.additions,
        "deletions": file.deletions,
        "changes": file.additions + file.deletions,
        "blob_url": f"{html_url(repository)}/blob/{commit}/{file.path}",
        "raw_url": f"{html_url(repository)}/raw/{commit}/{file.path}",
        "contents_url": f"{url(repository)}/contents/{file.path}?ref={commit}",
        **({"patch": file.patch} if file.patch else {}),
        **({"previous_filename": file.before} if file.before != file.path else {}),
    }
