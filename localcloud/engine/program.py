"""Runs the user's Pulumi program, started by the language host in a process of its own."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import runpy
import signal
import sys
import traceback
from contextlib import suppress
from typing import Any

import pulumi
import pulumi.runtime
from pulumi.runtime import Settings
from pulumi.runtime.proto import engine_pb2
from pulumi.runtime.stack import run_in_stack

from pulumi_plugin.parent import exit_with_parent

# Pulumi's own code for "the error was shown already".
SHOWN = 32
DEBUG = "SLIPWAY_DEBUG"  # set by the local `pulumi` when it is told to show debug messages


def main() -> int:
    """Run the program described by the JSON in the first argument; errors go to the engine, not to a traceback."""
    exit_with_parent()
    gc.disable()  # a run is short, and what it imports stays: looking for garbage among it costs a tenth of the time
    # The engine ends the program through the language host; a Ctrl-C in the terminal reaches this process, too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What the program leaves unfinished after an error is not news to the user.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    task = json.loads(sys.argv[1])
    pulumi.runtime.set_all_config(task["config"], task["secret_keys"])
    pulumi.runtime.configure(Settings(**task["settings"]))
    _leave_out_debug_messages()
    os.chdir(task["folder"])
    sys.argv = [task["program"], *task["args"]]
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(run_in_stack(lambda: _run(task["program"])))
    except pulumi.RunError as error:
        _say(loop, str(error))
    except Exception as error:  # noqa: BLE001 - the program is the user's: whatever it raises is shown to them
        _say(loop, "Program failed with an unhandled exception:\n" + "".join(traceback.format_exception(error)))
    else:
        return 0
    return SHOWN


def _leave_out_debug_messages() -> None:
    """The SDK sends five of them for each resource, and waits each time: only for those who asked to see them."""
    engine: Any = pulumi.runtime.settings.get_engine()
    send = engine.Log

    def log(request: Any, **options: Any) -> Any:
        return None if request.severity == engine_pb2.DEBUG else send(request, **options)

    if DEBUG not in os.environ:
        engine.Log = log


def _run(program: str) -> None:
    runpy.run_path(program, run_name="__main__")


def _say(loop: asyncio.AbstractEventLoop, message: str) -> None:
    pulumi.log.error(message)
    pending = asyncio.all_tasks(loop)
    with suppress(Exception):
        loop.run_until_complete(asyncio.wait_for(asyncio.gather(*pending, return_exceptions=True), timeout=10))


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # gRPC's threads would hold the process for a second more
