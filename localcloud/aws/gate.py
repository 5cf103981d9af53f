"""The AWS API's door: understands each request, learns who asks, carries it out on moto, and notes the change."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.wrappers import Request, Response

from localcloud.aws import caller, credentials, intake, pages, readable, replies, services, validation
from localcloud.aws.call import Call, Environ, understand
from localcloud.aws.credentials import Credentials
from localcloud.aws.faults import AwsFault, AwsFaults, hang_up
from localcloud.aws.iam.authorization import authorize
from localcloud.aws.iam.requests.reading import parameters
from localcloud.aws.oidc import presentation
from localcloud.aws.payload import Spool
from localcloud.aws.replies import AwsError, reply
from localcloud.aws.services.s3 import access_log, cors, regions
from localcloud.aws.services.s3.bucket import in_path
from localcloud.aws.signing import form
from localcloud.aws.signing.identify import identify
from localcloud.aws.state import State
from localcloud.aws.timekeeper import Timekeeper
from localcloud.machine import due
from localcloud.machine.identity import Identity

_log = logging.getLogger(__name__)
_READS = ("Get", "List", "Describe", "Head", "BatchGet", "BatchCheck")


class Gate:
    """A WSGI application."""

    def __init__(self, identity: Identity, state: State, faults: AwsFaults, timekeeper: Timekeeper) -> None:
        self._identity = identity
        self._state = state
        self._faults = faults
        self._timekeeper = timekeeper
        self._apps: dict[str, Any] = {}
        self.ready = threading.Event()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        began = time.perf_counter()
        try:
            body = intake.receive(environ)
        except AwsError as problem:
            return reply(problem, understand(environ, b""))(environ, start_response)
        if str(environ["PATH_INFO"]).startswith("/_local/"):
            environ["wsgi.input"] = BytesIO(body if isinstance(body, bytes) else body.read())
            return self._local(Request(environ))(environ, start_response)
        call = _call(environ, body)
        fault = self._faults.befalling(call)
        try:
            answer = self._answer(call, environ, fault)
        finally:
            environ["wsgi.input"] = BytesIO()  # the connection would keep the body until its next request
            if call.spool:
                call.spool.close()
        took = (time.perf_counter() - began) * 1000
        if call.service == "s3" and self._state.uses("s3"):
            access_log.note(call, caller.current.get(), answer, took)
        _log.info("%s %s %s %.0f ms", call.service, call.action or call.method, answer.status_code, took)
        if fault and fault.kind == "drop_after":
            hang_up(environ)
        return answer(environ, start_response)

    def _answer(self, call: Call, environ: Environ, fault: AwsFault | None) -> Response:
        caller.current.set(caller.ANONYMOUS)
        try:
            if fault:
                _befall(fault)
            self._check_built(call)
            if (followed := self._follow(call)) is not None:
                return followed
            who, call = identify(call, self._find)
            caller.current.set(who)
            readable.check(call)
            with self._state.lock:
                self._prepare(call)
                if call.service == "s3":
                    regions.check(call)
                authorize(who, call)
            _check_values(call)
            if (call.service, call.action) == presentation.CALL:
                presentation.present(call, self._state.lock)
            self._check_writable(call)
            return self._carry_out(call, environ)
        except AwsError as problem:
            return _refusal(problem, call)
        except NotImplementedError as error:
            return _refusal(replies.same("NotImplemented", 501, f"not in the local cloud: {error}"), call)
        except Exception as error:  # noqa: BLE001 # moto may raise anything; the client is told
            if readable.is_about_the_request(error):
                return _refusal(readable.UNREADABLE, call)
            if not call.service.startswith("s3") and (
                refused := pages.refusal(call.service, parameters(call), error)
            ):
                return _refusal(refused, call)
            _log.exception("%s %s failed", call.service, call.action)
            return reply(replies.failure(500, f"the local cloud failed: {type(error).__name__}: {error}"), call)

    def _find(self, access_key_id: str) -> Credentials:
        with self._state.lock:
            return credentials.find(access_key_id, self._identity.aws_account_id)

    def _check_built(self, call: Call) -> None:
        reason = services.NOT_BUILT.get((call.service, call.action))
        if reason:
            raise NotImplementedError(reason)
        if call.access_key_id and not call.known:
            raise NotImplementedError(f"the service {call.service!r}")

    def _follow(self, call: Call) -> Response | None:
        """The answer to somebody who follows a link of SNS's, which needs no key."""
        if call.access_key_id or not self._state.uses("sns"):
            return None
        from localcloud.aws.services.sns import links

        with self._state.lock:
            answer = links.answer(call)
        if answer is not None:
            self._state.touch()
        return answer

    def _check_writable(self, call: Call) -> None:
        if self._state.failure and _changes(call):
            raise replies.failure(503, self._state.failure)

    def _prepare(self, call: Call) -> None:
        if call.service not in self._apps:
            self._state.use(call.service)
            self._apps[call.service] = create_backend_app(call.service)  # type: ignore[arg-type] # as in state.py

    def _carry_out(self, call: Call, environ: Environ) -> Response:
        intake.hand_over(call, environ)
        with self._state.lock:
            # An object is sent from disk, after the lock: it may be larger than memory.
            answer = Response.from_app(self._apps[call.service], environ, buffered=call.action != "GetObject")
        if _changes(call):
            self._state.touch()
        return form.answered(call, answer) if call.form is not None and answer.status_code == 200 else answer

    def _local(self, request: Request) -> Response:
        match (request.method, request.path):
            case ("GET", "/_local/health"):
                fine = self.ready.is_set() and not self._state.failure
                return _json({"ready": fine, "error": self._state.failure}, 200 if fine else 503)
            case ("POST", "/_local/faults"):
                try:
                    fault = AwsFault.model_validate_json(request.get_data())
                except ValueError as error:
                    return _json({"message": str(error)}, 400)
                self._faults.add(fault)
                return _json(fault.model_dump(), 201)
            case ("GET", "/_local/faults"):
                return _json(self._faults.pending(), 200)
            case ("DELETE", "/_local/faults"):
                self._faults.clear()
                return Response(status=204)
            case ("GET", due.PATH):
                return _json(self._timekeeper.next_due(), 200)
            case ("POST", due.PATH):
                return _json(self._timekeeper.carry_out(datetime.fromisoformat(request.args["since"])), 200)
        return _json({"message": f"no such address: {request.method} {request.path}"}, 404)


def _changes(call: Call) -> bool:
    """Whether it may change what is kept: also looking does where AWS's own keys or a session are made by it."""
    return call.service in ("kms", "sts") or not call.action.startswith(_READS)


def _refusal(problem: AwsError, call: Call) -> Response:
    """The answer to a call that was not let through; a browser whose origin the bucket allows may read it."""
    answer = reply(problem, call)
    if call.service == "s3" and "origin" in call.headers:
        answer.headers.update(cors.headers(in_path(call), call.method, call.headers))
    return answer


def _check_values(call: Call) -> None:
    """Refuse parameters that the service's model does not allow; S3 has its own ways."""
    if not call.service.startswith("s3"):
        given = parameters(call)
        validation.check(call.service, call.action, given)
        pages.check(call.service, given)


def _call(environ: Environ, body: bytes | Spool) -> Call:
    """A body on disk is for those who read it so; all others get it whole."""
    if isinstance(body, bytes):
        return understand(environ, body)
    call = understand(environ, b"")
    if (call.service, call.action) in (("s3", "PutObject"), ("s3", "UploadPart")):
        return replace(call, spool=body)
    try:
        return replace(call, body=body.read())
    finally:
        body.close()


def _befall(fault: AwsFault) -> None:
    if fault.kind == "delay":
        time.sleep(fault.seconds)
    elif fault.kind == "rate_limit":
        raise replies.throttled("Rate exceeded")
    elif fault.kind == "status":
        raise replies.failure(fault.status, fault.message)


def _json(value: object, status: int) -> Response:
    return Response(json.dumps(value), status, content_type="application/json")
