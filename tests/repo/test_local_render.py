"""In the local Render data goes one way: what routes are asked is carried out by `life`, which knows no HTTP."""

from __future__ import annotations

import re

from tests.support.tracked import imported, python_files, tree

ROUTES = re.compile(r"localcloud\.render\.\w+\.routes\b")


def test_routes_import_life_and_nobody_imports_routes() -> None:
    """The app finds them by their file's name; recovery, cascades and other nouns call `life`."""
    files = python_files("localcloud/")
    nouns = {path.split("/")[2] for path in files if path.endswith("/routes.py")}
    called = {path.split("/")[2] for path in files if path.endswith("/routes.py") and _calls_life(path)}

    assert [f"{path} imports {name}" for path in files for name in imported(tree(path)) if ROUTES.match(name)] == []
    assert len(nouns) >= 15
    assert len(called) >= 8, "is the test looking in the right place?"


def _calls_life(path: str) -> bool:
    return any(re.match(r"localcloud\.render\.\w+\.life\b", name) for name in imported(tree(path)))
