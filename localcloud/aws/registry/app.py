"""Who is asking the registry for what: routes, passwords, faults, errors."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.wrappers import Request, Response

from localcloud.aws import caller, credentials
from localcloud.aws.call import Call, Environ
from localcloud.aws.caller import Caller
from localcloud.aws.faults import AwsFault, AwsFaults, hang_up
from localcloud.aws.registry import access, blobs, manifests, tokens
from localcloud.aws.registry.errors import RegistryError
from localcloud.aws.registry.repository import Repositories
from localcloud.aws.registry.uploads import Uploads
from localcloud.aws.replies import AwsError
from localcloud.aws.services.ecr.repository import layers
from localcloud.aws.state import State
from localcloud.machine.identity import Identity

_NAME = r"(?P<name>[a-z0-9]+(?:[._/-][a-z0-9]+)*)"
_log = logging.getLogger(__name__)


class Registry:
    """A WSGI application."""

    def __init__(self, identity: Identity, state: State, faults: AwsFaults) -> None:
        self._identity = identity
        self._state = state
        self._faults = faults
        uploads = Uploads(layers())
        uploads.forget()
        self._repositories = Repositories(identity.aws_account_id, state)
        bytes_ = blobs.BlobRoutes(self._repositories, uploads)
        images = manifests.ManifestRoutes(self._repositories)
        self._routes: list[tuple[re.Pattern[str], Callable[..., Response]]] = [
            (re.compile(pattern), handler)
            for pattern, handler in (
                (r"/v2/?", lambda _: Response(b"{}", 200, content_type="application/json")),
                (rf"/v2/{_NAME}/blobs/uploads/?", bytes_.start),
                (rf"/v2/{_NAME}/blobs/uploads/(?P<upload>[^/]+)", bytes_.upload),
                (rf"/v2/{_NAME}/blobs/(?P<digest>[^/]+)", bytes_.blob),
                (rf"/v2/{_NAME}/manifests/(?P<reference>[^/]+)", images.manifest),
                (rf"/v2/{_NAME}/tags/list", images.tags),
                (rf"/v2/{_NAME}/referrers/(?P<digest>[^/]+)", images.referrers),
            )
        ]

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        call = Call("registry", "", "", None, "query", request.method, request.path)
        fault = self._faults.befalling(call)
        answer = self._answer(request, fault)
        answer.headers["Docker-Distribution-Api-Version"] = "registry/2.0"
        _log.info("registry %s %s %s", request.method, request.path, answer.status_code)
        if fault and fault.kind == "drop_after":
            hang_up(environ)
        return answer(environ, start_response)

    def _answer(self, request: Request, fault: AwsFault | None) -> Response:
        try:
            if fault:
                _befall(fault)
            caller.current.set(self._caller(request))
            access.check(request, self._repositories)
            return self._serve(request)
        except RegistryError as error:
            return error.response()
        except Exception as error:  # noqa: BLE001 # the client is told whatever it is
            _log.exception("%s %s failed", request.method, request.path)
            return RegistryError("INTERNAL", f"the local cloud failed: {type(error).__name__}: {error}").response()

    def _serve(self, request: Request) -> Response:
        for pattern, handler in self._routes:
            if match := pattern.fullmatch(request.path):
                return handler(request, **match.groupdict())
        raise RegistryError("UNSUPPORTED", f"no such address: {request.path}", status=404)

    def _caller(self, request: Request) -> Caller:
        given = request.authorization
        if given is None or given.type != "basic" or given.username != "AWS":
            raise RegistryError("UNAUTHORIZED", "no basic auth credentials")
        key = tokens.access_key_of(given.password or "")
        if key is None:
            raise RegistryError("DENIED", "Your authorization token is invalid or has expired.", status=401)
        try:
            with self._state.lock:
                return credentials.find(key, self._identity.aws_account_id).caller
        except AwsError as problem:
            raise RegistryError("DENIED", problem.message, status=401) from problem


def _befall(fault: AwsFault) -> None:
    if fault.kind == "delay":
        time.sleep(fault.seconds)
    elif fault.kind == "rate_limit":
        raise RegistryError("TOOMANYREQUESTS", "Rate exceeded")
    elif fault.kind == "status":
        raise RegistryError("INTERNAL", fault.message, status=fault.status)
