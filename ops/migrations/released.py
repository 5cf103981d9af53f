"""Migrations that were released and say something else here, or are gone: databases have them as they were."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from infra.application import APPLICATION
from ops.migrations.findings import Finding
from ops.migrations.lint import key
from ops.migrations.rules import OURS

Answer = Callable[..., str | None]
SAID_BESIDE = "ACCEPTED"  # what may be added later: it is what somebody has reviewed


def changed(
    answer: Answer, checkout: Path, ref: str, described: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[Finding, Mapping[str, str]]]:
    """What that commit has otherwise, by what its code does, each with the exceptions beside it."""
    listed = answer(checkout, "diff", "--name-status", "--no-renames", f"{ref}^{{commit}}", "--", APPLICATION.root)
    here = {_path(one, checkout): one for one in described}
    for line in (listed or "").splitlines():
        how, _, name = line.partition("\t")
        path = PurePosixPath(name)
        if how == "A" or path.parent.name != "migrations" or path.suffix != ".py" or path.stem == "__init__":
            continue
        before = answer(checkout, "show", f"{ref}:{name}") or ""
        if "Migration" not in before:
            continue
        if name not in here:
            called = f"{path.parent.parent.name}.{path.stem}"
            if not _replaced(answer, checkout, ref, path):
                yield Finding(called, f"{name} is gone", "released-gone", (OURS,)), {}
        elif does(before) != does((checkout / name).read_text()):
            one = here[name]
            yield Finding(key(one), f"differs from {name} of {ref}", "released-edited", (OURS,)), one["accepted"]


def does(text: str) -> str:
    """What a migration's code does: no comments, no layout, no docstrings, and not what is accepted beside it."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return text
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [one for one in node.body if not _beside(one)]
    return ast.dump(tree)


def _beside(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    targets = (
        node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    )
    return any(isinstance(target, ast.Name) and target.id == SAID_BESIDE for target in targets)


def _replaced(answer: Answer, checkout: Path, ref: str, path: PurePosixPath) -> bool:
    """Whether a squashed one that stands for it was released already: then every database has that one."""
    said = answer(checkout, "grep", "-h", "-A", "50", "replaces *=", ref, "--", str(path.parent)) or ""
    return re.search(rf"""["']{re.escape(path.stem)}["']""", said) is not None


def _path(one: Mapping[str, Any], checkout: Path) -> str:
    path = Path(one["file"])
    return path.relative_to(checkout).as_posix() if path.is_relative_to(checkout) else ""
