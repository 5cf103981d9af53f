"""No module needs itself: imports make no circle, wherever in a file they stand."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.support.tracked import imported, python_files, tree

Graph = Mapping[str, set[str]]


def module(path: str) -> str:
    """The name that a file is imported by; the application is a root of its own."""
    return path.removeprefix("app/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def graph(sources: Mapping[str, ast.AST]) -> Graph:
    """Which of the modules each needs; of `from a import b` it is `a.b` where that is a module, else `a`."""
    needs: dict[str, set[str]] = {}
    for name, source in sources.items():
        either = ((one, one.rpartition(".")[0]) for one in imported(source))
        needs[name] = {next((one for one in both if one in sources), name) for both in either} - {name}
    return needs


def circles(needs: Graph) -> list[str]:
    """A way round each circle, until none is left."""
    rest, ways = {name: set(others) for name, others in needs.items()}, list[str]()
    while True:
        try:
            TopologicalSorter(rest).prepare()
        except CycleError as error:
            way = error.args[1][::-1]
            ways.append(" needs ".join(way))
            rest[way[0]].discard(way[1])
        else:
            return ways


def parsed(files: Iterable[tuple[str, str]]) -> dict[str, ast.AST]:
    """Modules by their names."""
    return {module(path): ast.parse(text) for path, text in files}


@pytest.mark.parametrize(
    "back",
    [
        "import ours.one",
        "from ours import one",
        "from ours.one import thing",
        "def later():\n    from ours.one import thing",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ours.one import Thing",
        "import ours",  # whose first file imports `one`
    ],
)
def test_a_circle_is_seen_wherever_the_import_stands(back: str) -> None:
    """At the top, in a function, for types, and through what a package imports by itself."""
    files = [("ours/__init__.py", "import ours.one"), ("ours/one.py", "import ours.two"), ("ours/two.py", back)]

    assert len(circles(graph(parsed(files)))) == 1
    assert circles(graph(parsed([*files[:2], ("ours/two.py", "import sys")]))) == []


def test_imports_make_no_circle() -> None:
    """What two modules need of each other is a third, or is handed in."""
    assert circles(graph({module(path): tree(path) for path in python_files()})) == []
