"""`python -m localcloud.plugins aws|random <engine address>`: what the engine starts as a plugin."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

from localcloud.plugins.bundle import VERSIONS

if TYPE_CHECKING:
    from pulumi_plugin.plugin import Plugin


def main(args: list[str]) -> int:
    """Serve the plugin named; the engine's address and flags are not needed to answer it."""
    name = next(iter(args), "")
    if name not in VERSIONS:
        sys.stderr.write(f"no such stand-in plugin: {name or '(none named)'}\n\nhint: one of {', '.join(VERSIONS)}\n")
        return 2
    from pulumi_plugin.server import serve  # after the check: it takes a tenth of a second

    serve(lambda: _load(name), version=VERSIONS[name])
    return 0


def _load(name: str) -> Plugin:
    """The plugin of that name with all that it can do."""
    plugin: Plugin = importlib.import_module(f"localcloud.plugins.{name}.provider").provider()
    return plugin


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
