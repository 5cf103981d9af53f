"""Who may do what to which environment, by real calls, and that the table notices when a policy changes.

The short form of `python -m bench.isolation`: staging, one neighbour, and one in some of the mutants.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.isolation import policies, table
from bench.isolation.judge import Count, judge
from bench.isolation.scene import Scene
from bench.isolation.table import Cell
from tests.support.world import Environment, World

ONE_IN = 9


@pytest.fixture
def scene(world: World, environments: dict[str, Environment]) -> Iterator[Scene]:
    """The session's environments with something to take in them, and afterwards without."""
    scene = Scene(world.environment, world.root)
    scene.furnish()
    try:
        yield scene
    finally:
        scene.clear()


def test_everybody_may_what_the_design_says_and_changed_policies_are_seen(scene: Scene) -> None:
    """Staging's identities there and in dev, dev's in staging, strangers in both; then mutants of staging's."""
    asked = [cell for cell in table.cells(scene, ("dev", "staging")) if "staging" in (cell.who.home, _of(cell))]

    assert len(asked) > 2000
    assert table.wrong(asked) == []
    denied = table.denied_cells(scene, "staging")
    with table.almighty(scene, "staging"):
        assert table.wrong(denied) == []

    hung, count = policies.of(scene, "staging", asked), Count()
    shown = [cell for policy in hung for cell in policy.cells if not isinstance(cell, Cell)]
    assert [str(cell) for cell in shown if cell.differs()] == []
    judge(scene, "staging", hung, count, every=ONE_IN)
    assert count.missed == []
    assert count.caught >= 25


def _of(cell: Cell) -> str:
    return cell.where.environment
