"""`local status`: services as Render knows them, and the processes behind them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from console.errors import ExplainedError
from console.output import Output
from localcloud.control import processes
from localcloud.docker.engine_image import choose
from localcloud.machine import clock
from localcloud.machine.ports import ports


def status(as_json: Annotated[bool, typer.Option("--json", help="Print data for programs.")] = False) -> None:
    """Show what runs, where, in which state, and how much memory it holds."""
    output = Output()
    running, kept = processes.running(), ports()
    services = _services(output) if any(one.name == "render" for one in running) else []
    total = sum(one.memory_mib for one in running)
    if as_json:
        shown = [asdict(one) for one in running]
        told = {"processes": shown, "ports": kept, "memory_mib": total, "images": str(choose())}
        output.json({"services": services, **told})
    elif not running:
        output.line("the local cloud is not running; start it with: ./slipway local start")
    else:
        if services:
            output.table(("service", "kind", "state", "url"), [tuple(one.values()) for one in services])
            for name in (one["name"] for one in services if "restart" in one["state"]):
                output.line(f"why {name} ends by itself: ./slipway local logs {name}")
            output.line()
        rows = [(one.name, one.pid, processes.port(one.name, kept), one.memory_mib) for one in running]
        output.table(("process", "pid", "port", "MiB"), [*rows, ("together", "", "", total)])
        output.line()
        output.line(f"images are built {choose()}")
        if clock.ahead():
            output.line()
            output.line(f"its clock says {clock.now():%Y-%m-%d %H:%M:%S UTC}; see ./slipway local clock")


def _services(output: Output) -> list[dict[str, str]]:
    from localcloud.control import services

    try:
        return [asdict(one) for one in services.services()]
    except ExplainedError as error:
        output.say(str(error))  # the processes are shown all the same
        return []
