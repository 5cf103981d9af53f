"""What the application's image is and costs to build: `python -m bench.image`, as root where Docker is installed."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from tests.support import base_image, container_engine
from tests.support.built_image import Built, build
from tests.support.container_engine import ContainerEngine

APP = Path("app")


def main() -> None:
    """Its layers and sizes, and how long a build takes with nothing in the cache, after a change, and after none."""
    if why := container_engine.missing() or base_image.missing():
        sys.exit(f"cannot measure the image: {why}")
    engine = ContainerEngine()
    try:
        base_image.load(engine.ready(), APP / "requirements.txt")
        with tempfile.TemporaryDirectory() as folder:
            app = Path(shutil.copytree(APP, Path(folder, "app")))
            cold = build(engine, app, "app:cold")
            warm = build(engine, app, "app:warm")
            (app / "exams/added.py").write_text("ADDED = 1\n")
            changed = build(engine, app, "app:changed")
        _print(engine, cold, warm, changed)
    finally:
        engine.remove()


def _print(engine: ContainerEngine, cold: Built, warm: Built, changed: Built) -> None:
    for step, size in cold.sizes.items():
        print(f"{size / 1e6:>8.1f} MB  {step.removesuffix(' # buildkit')[:90]}")
    print(f"{sum(cold.sizes.values()) / 1e6:>8.1f} MB  in {len(cold.layers)} layers of its own")
    below = engine.inspect(base_image.NAME)["Size"] / 1e6
    print(f"{below:>8.1f} MB  below them: a base of this machine's Python, with the wheels")
    print(f"{cold.seconds:>8.1f} s   a build with nothing in the cache")
    print(f"{changed.seconds:>8.1f} s   after a change of the code, {len(changed.cached)} steps from the cache")
    print(f"{warm.seconds:>8.1f} s   after none, {len(warm.cached)} steps from the cache")


if __name__ == "__main__":
    main()
