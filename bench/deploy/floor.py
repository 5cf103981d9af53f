"""What a deploy cannot do without: build, migrate, boot. Each by itself, on the same machine at the same time."""

from __future__ import annotations

import time

from bench.app_start import bare_start
from infra.application import APPLICATION
from tests.support.world import World

IMAGE = """
from pathlib import Path
from localcloud.docker.source_image import Recipe
app = Path("app")
Recipe.load(context=app, dockerfile=app / "Dockerfile", platform="linux/amd64").image()
"""


def floor(world: World, environment: str) -> float:
    """Seconds for all three."""
    began = time.perf_counter()
    world.checkout.run(".venv/bin/python", "-c", IMAGE, check=True)
    built = time.perf_counter() - began
    app = world.checkout.folder / APPLICATION.root
    return built + bare_start(world.environment, app, "migrate", environment=environment)
