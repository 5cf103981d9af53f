"""A plugin as a process: one gRPC server, one thread for each call in progress."""

from __future__ import annotations

import os
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import grpc

from pulumi_plugin import proto
from pulumi_plugin.ending import Interrupts
from pulumi_plugin.parent import exit_with_parent
from pulumi_plugin.plugin import Plugin
from pulumi_plugin.servicer import Servicer

_NO_LIMIT = 400 * 1024 * 1024
_THREADS = 256  # made as they are needed; calls mostly wait, and Cancel must still find one
_GRACE = 2  # seconds for calls in progress to say that they were stopped


def serve(load: Callable[[], Plugin], *, version: str, accept_secrets: bool = False) -> None:
    """Serve until the engine ends this process or dies.

    The engine starts one plugin after the other and waits for each one's port, so that comes first. The plugin
    itself is loaded after it, while the engine is busy with the next one and with the program.
    """
    exit_with_parent()  # before the engine learns the port: from then on it may be killed at any time
    interrupts = Interrupts()
    plugin: Future[Plugin] = Future()
    server = _server(Servicer(version, plugin.result, accept_secrets=accept_secrets))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    threading.Thread(target=_load, args=(load, plugin), daemon=True, name="load").start()
    interrupts.wait()
    try:
        if plugin.done():
            plugin.result().cancel()
            server.stop(_GRACE).wait(_GRACE + 0.5)
        sys.stderr.flush()
    finally:
        os._exit(0)  # without waiting for threads that sit in a request


def _server(servicer: Servicer) -> grpc.Server:
    options = [("grpc.max_receive_message_length", _NO_LIMIT), ("grpc.max_send_message_length", _NO_LIMIT)]
    server = grpc.server(ThreadPoolExecutor(_THREADS), options=options)
    proto.provider_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    return server


def _load(load: Callable[[], Plugin], plugin: Future[Plugin]) -> None:
    try:
        plugin.set_result(load())
    except BaseException:  # noqa: BLE001 - whatever it is, nothing here can answer any call
        traceback.print_exc()
        os._exit(1)
    plugin.result().warm_up()
