"""The address of an environment's database."""

from __future__ import annotations

import pytest

from console.errors import ExplainedError
from ops.environments.stacks import load
from ops.migrations.source import address
from tests.unit.ops.restores.scene import INSTANCE, Scene


def test_it_is_that_of_the_instance_of_the_very_name() -> None:
    """Render lists one that was recovered of it, whose name begins alike, first."""
    scene = Scene()

    assert address(scene.context, load("staging")) == "postgresql://outside/dpg-1"

    del scene.render.there[INSTANCE]
    with pytest.raises(ExplainedError, match=f"there is no database {INSTANCE}"):
        address(scene.context, load("staging"))
