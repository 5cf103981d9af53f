"""The provider as a gRPC server: what the SDK's leaves out, added to it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import traceback
from collections.abc import Awaitable
from typing import Any, NoReturn, TypeVar

import grpc
import grpc.aio
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.provider.experimental.server import ProviderServicer
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2, provider_pb2_grpc, status_pb2

from render_api.errors import NotFound, RefusedError, RenderError, StoppedError, UnknownOutcomeError
from render_provider.provider.provider import VERSION, DiffRequest, HalfDoneError, RenderProvider, UpdateRequest
from render_provider.provider.task import Level

Answer = TypeVar("Answer")
SEVERITY = {Level.STATUS: engine_pb2.INFO, Level.INFO: engine_pb2.INFO, Level.WARNING: engine_pb2.WARNING}
GRACE = 2  # seconds for calls in progress to say that they were stopped


class EngineLog:
    """The engine's own log, where the user sees it beside the resource."""

    def __init__(self, address: str) -> None:
        self._engine = engine_pb2_grpc.EngineStub(grpc.insecure_channel(address)) if address else None

    def __call__(self, urn: str, level: Level, message: str) -> None:
        if self._engine is None:
            return
        request = engine_pb2.LogRequest(
            severity=SEVERITY[level], message=message, urn=urn, ephemeral=level is Level.STATUS
        )
        with contextlib.suppress(grpc.RpcError):  # an engine that does not listen any more must not stop the work
            self._engine.Log(request, timeout=5)


class RenderServicer(ProviderServicer):
    """The SDK's servicer, with our errors in the engine's own terms and the old inputs passed on."""

    _provider: RenderProvider

    def _sdk(self) -> Any:
        """The SDK's own methods, most of which are not typed."""
        return super()

    async def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        return await _answer(super().Configure(request, context), context)

    async def Check(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        return await _answer(super().Check(request, context), context)

    async def Diff(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        return await _answer(self._diff(request), context)

    async def _diff(self, request: Any) -> provider_pb2.DiffResponse:
        asked = DiffRequest(
            request.urn, request.id, _map(request.olds), _map(request.news), list(request.ignoreChanges)
        )
        asked.old_inputs = _map(request.old_inputs)
        found = await self._provider.diff(asked)
        kinds = provider_pb2.PropertyDiff.Kind
        return provider_pb2.DiffResponse(
            replaces=found.replaces,
            deleteBeforeReplace=found.delete_before_replace,
            changes=provider_pb2.DiffResponse.DIFF_SOME if found.changes else provider_pb2.DiffResponse.DIFF_NONE,
            diffs=found.diffs,
            detailedDiff={
                name: provider_pb2.PropertyDiff(kind=kinds.Value(detail.kind.name), inputDiff=detail.input_diff)
                for name, detail in found.detailed_diff.items()
            },
            hasDetailedDiff=True,
        )

    async def Create(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        return await _answer(self._sdk().Create(request, context), context)

    async def Read(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        return await _answer(self._sdk().Read(request, context), context)

    async def Update(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        return await _answer(self._update(request), context)

    async def _update(self, request: Any) -> provider_pb2.UpdateResponse:
        asked = UpdateRequest(
            request.urn,
            request.id,
            _map(request.olds),
            _map(request.news),
            timeout=request.timeout,
            ignore_changes=list(request.ignoreChanges),
            preview=request.preview,
        )
        asked.old_inputs = _map(request.old_inputs)
        done = await self._provider.update(asked)
        return provider_pb2.UpdateResponse(properties=PropertyValue.marshal_map(done.properties))

    async def Delete(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        return await _answer(self._sdk().Delete(request, context), context)

    async def Invoke(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        return await _answer(super().Invoke(request, context), context)


async def _answer(work: Awaitable[Answer], context: Any) -> Answer:
    """The answer, or our error as the engine understands it."""
    try:
        return await work
    except HalfDoneError as error:
        await _abort_half_done(error, context)
    except StoppedError as error:
        await context.abort(grpc.StatusCode.CANCELLED, str(error))
    except NotFound as error:
        await context.abort(grpc.StatusCode.NOT_FOUND, str(error))
    except UnknownOutcomeError as error:
        await context.abort(grpc.StatusCode.UNKNOWN, f"{error}; then take it over with `pulumi import`")
    except (RefusedError, RenderError) as error:
        await context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
    except Exception:  # noqa: BLE001 - a bug of ours: tell it whole, and let the other resources go on
        await context.abort(grpc.StatusCode.INTERNAL, f"a bug in the render provider:\n{traceback.format_exc()}")
    raise AssertionError("abort returned")


async def _abort_half_done(error: HalfDoneError, context: Any) -> NoReturn:
    """As Go providers do: the engine stores the resource with its error, and the next `up` updates it."""
    detail = provider_pb2.ErrorResourceInitFailed(
        id=error.key, properties=PropertyValue.marshal_map(error.properties), reasons=[error.reason]
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=error.reason)
    status.details.add().Pack(detail)
    await context.abort(
        grpc.StatusCode.UNKNOWN,
        error.reason,
        trailing_metadata=(("grpc-status-details-bin", status.SerializeToString()),),
    )
    raise AssertionError("abort returned")


def _map(struct: Any) -> dict[str, PropertyValue]:
    return PropertyValue.unmarshal_map(struct)


async def _outlive_no_engine(parent: int, stop: asyncio.Event) -> None:
    """An engine that was killed cannot say stop; its children get another parent."""
    while os.getppid() == parent:
        await asyncio.sleep(1)
    stop.set()


async def serve(engine_address: str, engine: int) -> None:
    """Answer the engine, by its address and process, until it says stop or is gone."""
    provider = RenderProvider(EngineLog(engine_address))
    server = grpc.aio.server(options=_GRPC_CHANNEL_OPTIONS)
    servicer = RenderServicer([], VERSION, provider, engine_address)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await server.start()
    sys.stdout.write(f"{port}\n")  # the engine reads the port from the first line
    sys.stdout.flush()
    watch = asyncio.create_task(_outlive_no_engine(engine, stop))
    await stop.wait()
    watch.cancel()
    await provider.cancel()
    await server.stop(GRACE)


def main(arguments: list[str]) -> None:
    """Serve, and leave without waiting for threads that sit in a request."""
    addresses = [argument for argument in arguments if not argument.startswith("-")]
    asyncio.run(serve(addresses[0] if addresses else "", engine=os.getppid()))
    sys.stderr.flush()
    os._exit(0)
