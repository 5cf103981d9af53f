"""What a deploy cannot do without: build the image, migrate, boot. Each by itself, on the same machine."""

from __future__ import annotations

import time

from bench.app_start import bare_start
from tests.support.world import World

BUILD = """
from pathlib import Path
from localcloud.docker.source_image import Recipe
app = Path("app")
Recipe.load(context=app, dockerfile=app / "Dockerfile", platform="linux/amd64").image()
"""


def floor(world: World) -> float:
    """Seconds for all three."""
    began = time.perf_counter()
    world.checkout.run(".venv/bin/python", "-c", BUILD, check=True)
    return time.perf_counter() - began + bare_start(world.environment, world.checkout.folder / "app", "migrate")
