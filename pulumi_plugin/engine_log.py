"""The engine's own log, where the user sees it beside the resource."""

from __future__ import annotations

import contextlib

import grpc

from pulumi_plugin import proto

_engine = proto.load("engine_pb2")
_engine_grpc = proto.load("engine_pb2_grpc")


class EngineLog:
    """Tells the engine, by its address, what a resource's work is about; without an address it tells nobody."""

    def __init__(self, address: str) -> None:
        # The engine is on this machine: no proxy reaches it.
        options = [("grpc.enable_http_proxy", 0)]
        self._engine = _engine_grpc.EngineStub(grpc.insecure_channel(address, options)) if address else None

    def __call__(self, urn: str, message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
        """Show a message. An ephemeral one is the resource's own line, replaced by the next."""
        if self._engine is None:
            return
        severity = _engine.WARNING if warning else _engine.INFO
        request = _engine.LogRequest(severity=severity, message=message, urn=urn, ephemeral=ephemeral)
        with contextlib.suppress(grpc.RpcError):  # an engine that does not listen any more must not stop the work
            self._engine.Log(request, timeout=5)
