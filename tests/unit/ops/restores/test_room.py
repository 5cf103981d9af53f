"""Whether a restore fits on the disk, as far as that can be known."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import pytest

from console.errors import REFUSED, ExplainedError
from ops.doors.postgres_databases import Databases
from ops.restores.checks import fits
from ops.restores.room import disk_bytes
from ops.restores.sources import Source
from render_api.errors import UnreachableError
from tests.unit.ops.backups.scene import PLAIN
from tests.unit.ops.backups.scene import Scene as Backups
from tests.unit.ops.restores.scene import LIVE, Scene

GIB = 1 << 30
NEEDED = int(len(PLAIN) * 1.4)  # with its indexes


def ask(scene: Scene) -> None:
    """Whether a backup of some hundred kilobytes fits."""
    what = Source(manifest=Backups().backup(timedelta(hours=1)))
    fits(scene.place, cast("Databases", scene.server), LIVE, what, into="", in_place=False)


def test_a_disk_that_has_too_little_left_refuses() -> None:
    """Before anything is made; told with both figures and what to do."""
    scene = Scene()
    scene.server.used = GIB - NEEDED
    ask(scene)

    scene.server.used += 1
    with pytest.raises(ExplainedError, match=r"it needs about 1 MiB beside .* its disk has 1 MiB left") as refused:
        ask(scene)

    assert refused.value.code == REFUSED
    assert "database.disk_gb of the stack file" in str(refused.value)


def test_a_disk_whose_size_is_not_known_refuses_nothing() -> None:
    """Render does not say it, does not answer, or another server was named."""
    scene = Scene()
    scene.server.used = GIB
    scene.render.disk_gb = 0
    ask(scene)

    scene = Scene()
    scene.server.used = GIB
    scene.render.broken = UnreachableError("GET", "nobody answers")
    assert disk_bytes(scene.place) == 0
    ask(scene)

    scene = Scene(variables={"DATABASE_URL": "postgresql://there/other"})
    scene.server.used = GIB
    ask(scene)


def test_the_disk_is_that_of_the_instance_of_the_very_name() -> None:
    """One that was recovered of it begins alike, and is listed first."""
    scene = Scene()
    scene.render.disk_gb = 3
    assert disk_bytes(scene.place) == 3 * GIB

    del scene.render.there["cams-staging-db"]
    assert disk_bytes(scene.place) == 0
