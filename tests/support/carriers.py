"""What the releases of tests run as: processes of this machine, or containers of a real engine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from localcloud.render.runtime.values import Release
from tests.support import base_image
from tests.support.container_engine import ContainerEngine

USER = "10001:10001"
DOCKERFILE = """
FROM {base}
WORKDIR /app
COPY app.py .
ENV {env}
USER {user}
CMD ["python", "app.py"]
"""


class Carrier:
    """Processes, as long as it has no engine."""

    engine: ContainerEngine | None = None

    def release(self, folder: Path, env: Mapping[str, str]) -> Release:
        """What is in that folder, an `app.py`, as something to run."""
        if self.engine is None:
            return Release(folder, ("python", "app.py"), env, "sha256:0", None)
        given = " ".join(f'{name}="{value}"' for name, value in env.items())
        (folder / "Dockerfile").write_text(DOCKERFILE.format(base=base_image.NAME, env=given, user=USER))
        image = self.engine.do("build", "--quiet", "--network=none", str(folder))
        (folder / "Dockerfile").unlink()
        empty = folder / "empty"
        empty.mkdir(exist_ok=True)
        return Release(empty, ("python", "app.py"), env, image, None, image=image, user=USER)


chosen = Carrier()
