"""What is installed on a machine beside our own does not change how the local cloud's engine works."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.world import Environment, World

BROKEN = "#!/bin/sh\necho started from PATH >&2\nexit 1\n"


def test_an_official_installation_on_path_is_not_asked(world: World, staging: Environment, tmp_path: Path) -> None:
    """Its language host would load nothing ahead, and a plugin would be another than the tests run. Nothing warns."""
    for name in ("pulumi-language-python", "pulumi-resource-aws", "pulumi-resource-random"):
        (tmp_path / name).write_text(BROKEN)
        (tmp_path / name).chmod(0o755)
    theirs = world.variables | {"PATH": f"{tmp_path}{os.pathsep}{world.variables['PATH']}"}

    done = world.checkout.run(
        "pulumi", "preview", "--stack", "staging", "--expect-no-changes", "--non-interactive", environment=theirs
    )

    assert done.returncode == 0, done.output
    assert "started from PATH" not in done.output
    assert "from $PATH" not in done.output
