"""Each message of the engine for the plugin, and each of its answers and errors for the engine."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import grpc
from google.protobuf import empty_pb2

from pulumi_plugin import proto
from pulumi_plugin.plugin import Call, Failures, HalfDoneError, Plugin
from pulumi_plugin.values import has_unknown, plain
from pulumi_plugin.wire import UnsupportedValueError, decode_map, decode_marked, encode_map

_NOT_OURS = {"version"}  # in a provider's configuration, put there by the engine


class Servicer(proto.provider_grpc.ResourceProviderServicer):  # type: ignore[misc] # generated code has no types
    """Serves a plugin that may still be loading: only what needs it waits for it."""

    def __init__(self, version: str, plugin: Callable[[], Plugin], *, accept_secrets: bool = False) -> None:
        self.version = version
        self.plugin = plugin
        self.accept_secrets = accept_secrets

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return proto.plugin.PluginInfo(version=self.version)

    def Handshake(self, request: Any, context: Any) -> Any:
        return proto.provider.ProviderHandshakeResponse(accept_secrets=self.accept_secrets)

    def GetSchema(self, request: Any, context: Any) -> Any:
        return self._answer(context, lambda it: proto.provider.GetSchemaResponse(schema=it.schema()))

    def Cancel(self, request: Any, context: Any) -> Any:
        self.plugin().cancel()
        return empty_pb2.Empty()

    def CheckConfig(self, request: Any, context: Any) -> Any:
        def work(plugin: Plugin) -> Any:
            failures = plugin.check_config(decode_map(request.news))
            return proto.provider.CheckResponse(inputs=request.news, failures=_failures(failures))

        return self._answer(context, work)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        def work(plugin: Plugin) -> Any:
            olds, news = decode_map(request.old_inputs or request.olds), decode_map(request.news)
            changed = sorted(key for key in {*olds, *news} - _NOT_OURS if olds.get(key) != news.get(key))
            kinds = proto.provider.DiffResponse
            return kinds(changes=kinds.DIFF_SOME if changed else kinds.DIFF_NONE, diffs=changed)

        return self._answer(context, work)

    def Configure(self, request: Any, context: Any) -> Any:
        def work(plugin: Plugin) -> Any:
            values = decode_map(request.args)
            plugin.configure({key: value for key, value in values.items() if not has_unknown(value)})
            return proto.provider.ConfigureResponse(supportsPreview=True, acceptSecrets=self.accept_secrets)

        return self._answer(context, work)

    def Check(self, request: Any, context: Any) -> Any:
        def work(plugin: Plugin) -> Any:
            old_inputs = decode_map(request.olds)
            call = Call(request.urn, **_asked(request.news), old_inputs=old_inputs, seed=request.randomSeed)
            inputs, failures = plugin.check(call)
            return proto.provider.CheckResponse(inputs=encode_map(inputs), failures=_failures(failures))

        return self._answer(context, work)

    def Diff(self, request: Any, context: Any) -> Any:
        def work(plugin: Plugin) -> Any:
            difference = plugin.diff(Call(request.urn, request.id, **_asked(request.news), **_known(request)))
            answer, detail = proto.provider.DiffResponse, proto.provider.PropertyDiff
            return answer(
                changes=answer.DIFF_SOME if difference.kinds else answer.DIFF_NONE,
                diffs=list(difference.kinds),
                replaces=difference.replaces,
                deleteBeforeReplace=bool(difference.replaces) and difference.delete_first,
                detailedDiff={
                    name: detail(kind=detail.Kind.Value(kind), inputDiff=name not in difference.outputs)
                    for name, kind in difference.kinds.items()
                },
                hasDetailedDiff=True,
            )

        return self._answer(context, work)

    def Create(self, request: Any, context: Any) -> Any:
        def work(plugin: Plugin) -> Any:
            asked = _asked(request.properties)
            key, state = plugin.create(Call(request.urn, **asked, preview=request.preview, timeout=request.timeout))
            return proto.provider.CreateResponse(id=key, properties=encode_map(state))

        return self._answer(context, work)

    def Read(self, request: Any, context: Any) -> Any:
        def work(plugin: Plugin) -> Any:
            asked, state = _asked(request.inputs), decode_map(request.properties)
            current = plugin.read(Call(request.urn, request.id, **asked, old_inputs=asked["inputs"], state=state))
            if current is None:
                return proto.provider.ReadResponse()
            key, state, inputs = current
            return proto.provider.ReadResponse(id=key, properties=encode_map(state), inputs=encode_map(inputs))

        return self._answer(context, work)

    def Update(self, request: Any, context: Any) -> Any:
        def work(plugin: Plugin) -> Any:
            asked, how = _asked(request.news), {"preview": request.preview, "timeout": request.timeout}
            state = plugin.update(Call(request.urn, request.id, **asked, **_known(request), **how))
            return proto.provider.UpdateResponse(properties=encode_map(state))

        return self._answer(context, work)

    def Delete(self, request: Any, context: Any) -> Any:
        def work(plugin: Plugin) -> Any:
            state = decode_map(request.properties)
            plugin.delete(Call(request.urn, request.id, state=state, timeout=request.timeout))
            return empty_pb2.Empty()

        return self._answer(context, work)

    def Invoke(self, request: Any, context: Any) -> Any:
        def work(plugin: Plugin) -> Any:
            result, failures = plugin.invoke(request.tok, decode_map(request.args))
            answer = {"return": encode_map(result), "failures": _failures(failures)}
            return proto.provider.InvokeResponse(**answer)

        return self._answer(context, work)

    def _answer(self, context: Any, work: Callable[[Plugin], Any]) -> Any:
        plugin = self.plugin()
        try:
            return work(plugin)
        except HalfDoneError as error:
            context.abort_with_status(_half_done(error))
        except UnsupportedValueError as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        except Exception as error:
            if os.environ.get("SLIPWAY_PLUGIN_TRACEBACK"):
                raise
            context.abort(plugin.code(error), plugin.explain(error))
        raise AssertionError("abort returned")


class _Status(grpc.Status):
    def __init__(self, details: str, metadata: Any) -> None:
        self.code, self.details, self.trailing_metadata = grpc.StatusCode.UNKNOWN, details, metadata


def _half_done(error: HalfDoneError) -> _Status:
    """As Go providers do: the engine keeps the resource with its error, so that the next run mends it."""
    detail = proto.provider.ErrorResourceInitFailed(
        id=error.key,
        properties=encode_map(error.properties),
        inputs=encode_map(plain(error.inputs)),
        reasons=[error.reason],
    )
    status = proto.status.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=error.reason)
    status.details.add().Pack(detail)
    return _Status(error.reason, (("grpc-status-details-bin", status.SerializeToString()),))


def _asked(properties: Any) -> dict[str, Any]:
    marked = decode_marked(properties)
    return {"inputs": plain(marked), "marked": marked}


def _known(request: Any) -> dict[str, Any]:
    return {"old_inputs": decode_map(request.old_inputs), "state": decode_map(request.olds)}


def _failures(failures: Failures) -> list[Any]:
    return [proto.provider.CheckFailure(property=path, reason=reason) for path, reason in failures]
