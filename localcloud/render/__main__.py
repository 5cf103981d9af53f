"""`python -m localcloud.render`: the local Render, in the foreground until SIGTERM."""

from __future__ import annotations

import logging
import os
import sys

from console import inherited
from console.errors import ExplainedError
from localcloud.machine import identity, ports
from localcloud.machine.paths import folder, keep_private
from localcloud.render.api.server import create_server
from localcloud.render.api.store import Store
from localcloud.render.local_render import LocalRender
from localcloud.render.runtime.create import create


def main() -> int:
    """Serve until told to end."""
    inherited.settle()
    keep_private()
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(message)s")
    try:
        number = ports.port("render")
        ports.check_free("render")
        render = LocalRender(Store(folder("render") / "api.sqlite"), create(), identity.load())
    except ExplainedError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    create_server(render, number).run()
    return 0


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    sys.stdout.flush()
    os._exit(code)  # everything is saved; a thread still waiting for a child must not keep the daemon alive
