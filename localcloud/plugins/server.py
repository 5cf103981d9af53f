"""The engine's protocol around a provider: one gRPC server, one thread for each operation in progress."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from google.protobuf import empty_pb2

from localcloud.parent import exit_with_parent
from localcloud.plugins import proto
from localcloud.plugins.provider import Failures, Provider
from localcloud.plugins.resource import InitFailedError
from localcloud.plugins.wire import decode_map, encode_map, has_unknown, plain

_NO_LIMIT = 400 * 1024 * 1024
_PARALLEL = 32


class Servicer(proto.provider_grpc.ResourceProviderServicer):  # type: ignore[misc] # generated code has no types
    """Translates each message for the provider, and each of its errors for the engine."""

    def __init__(self, provider: Provider[Any]) -> None:
        self.provider = provider

    def GetPluginInfo(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's names
        return proto.plugin.PluginInfo(version=self.provider.version)

    def Handshake(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        return proto.provider.ProviderHandshakeResponse()

    def GetSchema(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        schema = f'{{"name": "{self.provider.name}", "version": "{self.provider.version}"}}'
        return proto.provider.GetSchemaResponse(schema=schema)

    def Cancel(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        return empty_pb2.Empty()

    def CheckConfig(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        def work() -> Any:
            failures = self.provider.check_config(decode_map(request.news))
            return proto.provider.CheckResponse(inputs=request.news, failures=_failures(failures))

        return self._answer(context, work)

    def DiffConfig(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        def work() -> Any:
            olds, news = decode_map(request.old_inputs or request.olds), decode_map(request.news)
            changed = sorted(key for key in {*olds, *news} - {"version"} if olds.get(key) != news.get(key))
            kinds = proto.provider.DiffResponse
            return kinds(changes=kinds.DIFF_SOME if changed else kinds.DIFF_NONE, diffs=changed)

        return self._answer(context, work)

    def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        def work() -> Any:
            values = decode_map(request.args)
            self.provider.configure({key: value for key, value in values.items() if not has_unknown(value)})
            return proto.provider.ConfigureResponse(supportsPreview=True)

        return self._answer(context, work)

    def Check(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        def work() -> Any:
            token, name = _token_and_name(request.urn)
            news, olds = decode_map(request.news), decode_map(request.olds)
            inputs, failures = self.provider.check(token, name, olds, news, request.randomSeed)
            return proto.provider.CheckResponse(inputs=encode_map(inputs), failures=_failures(failures))

        return self._answer(context, work)

    def Diff(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        def work() -> Any:
            token, _ = _token_and_name(request.urn)
            self.provider.seen(token, request.id)
            found = self.provider.diff(token, decode_map(request.old_inputs), decode_map(request.news))
            answer, kind = proto.provider.DiffResponse, proto.provider.PropertyDiff
            return answer(
                changes=answer.DIFF_SOME if found.kinds else answer.DIFF_NONE,
                diffs=list(found.kinds),
                replaces=found.replaces,
                deleteBeforeReplace=bool(found.replaces) and found.delete_first,
                detailedDiff={
                    key: kind(kind=kind.Kind.Value(name), inputDiff=True) for key, name in found.kinds.items()
                },
                hasDetailedDiff=True,
            )

        return self._answer(context, work)

    def Create(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        def work() -> Any:
            token, name = _token_and_name(request.urn)
            inputs = decode_map(request.properties)
            resource_id, state = self.provider.create(token, name, inputs, preview=request.preview)
            return proto.provider.CreateResponse(id=resource_id, properties=encode_map(state))

        return self._answer(context, work)

    def Read(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        def work() -> Any:
            token, _ = _token_and_name(request.urn)
            self.provider.seen(token, request.id)
            state, inputs = decode_map(request.properties), decode_map(request.inputs)
            found = self.provider.read(token, request.id, state, inputs)
            if found is None:
                return proto.provider.ReadResponse()
            resource_id, state, inputs = found
            return proto.provider.ReadResponse(
                id=resource_id, properties=encode_map(state), inputs=encode_map(inputs)
            )

        return self._answer(context, work)

    def Update(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        def work() -> Any:
            token, _ = _token_and_name(request.urn)
            olds, news = decode_map(request.old_inputs), decode_map(request.news)
            old_state = decode_map(request.olds)
            state = self.provider.update(token, request.id, olds, news, old_state, preview=request.preview)
            return proto.provider.UpdateResponse(properties=encode_map(state))

        return self._answer(context, work)

    def Delete(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        def work() -> Any:
            token, _ = _token_and_name(request.urn)
            self.provider.delete(token, request.id, decode_map(request.properties))
            return empty_pb2.Empty()

        return self._answer(context, work)

    def Invoke(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        def work() -> Any:
            result, failures = self.provider.invoke(request.tok, decode_map(request.args))
            answer = {"return": encode_map(result), "failures": _failures(failures)}
            return proto.provider.InvokeResponse(**answer)

        return self._answer(context, work)

    def _answer(self, context: Any, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except InitFailedError as error:
            context.abort_with_status(_init_failed(error))
        except Exception as error:
            if os.environ.get("SLIPWAY_PLUGIN_TRACEBACK"):
                raise
            context.abort(grpc.StatusCode.UNKNOWN, self.provider.explain(error))
        return None


class _Status(grpc.Status):
    def __init__(self, details: str, metadata: Any) -> None:
        self.code, self.details, self.trailing_metadata = grpc.StatusCode.UNKNOWN, details, metadata


def _init_failed(error: InitFailedError) -> _Status:
    """The engine keeps the resource and its error, so that the next run mends it instead of making another."""
    detail = proto.provider.ErrorResourceInitFailed(
        id=error.resource_id,
        properties=encode_map({key: value for key, value in error.properties.items() if not key.startswith("__")}),
        inputs=encode_map(plain(error.inputs)),
        reasons=[error.reason],
    )
    status = proto.status.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=error.reason)
    status.details.add().Pack(detail)
    return _Status(error.reason, (("grpc-status-details-bin", status.SerializeToString()),))


def _failures(failures: Failures) -> list[Any]:
    return [proto.provider.CheckFailure(property=path, reason=reason) for path, reason in failures]


def _token_and_name(urn: str) -> tuple[str, str]:
    """`urn:pulumi:stack::project::parent$type::name`: the last type and the name."""
    _, _, kinds, name = urn.split("::", 3)
    return kinds.rsplit("$", 1)[-1], name


def serve(provider: Provider[Any]) -> None:
    """Serve until the engine ends this process or dies."""
    exit_with_parent()  # before the engine learns the port: from then on it may be killed at any time
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: os._exit(0))
    options = [("grpc.max_receive_message_length", _NO_LIMIT), ("grpc.max_send_message_length", _NO_LIMIT)]
    server = grpc.server(ThreadPoolExecutor(_PARALLEL), options=options)
    proto.provider_grpc.add_ResourceProviderServicer_to_server(Servicer(provider), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    provider.warm_up()
    server.wait_for_termination()
