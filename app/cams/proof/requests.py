"""One real request of each kind, through the whole of the application, in a transaction of which nothing stays.

They warm the process up as well. Each that is listed must be answered as it says; and no address that stands for
itself may answer a signed-in user's GET with an error of the server.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib import import_module
from secrets import token_hex
from typing import Any

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError, connection
from django.dispatch import receiver
from django.http import HttpRequest

from cams.logs import MARK
from cams.proof import code
from cams.proof.board import board
from cams.proof.reasons import NO_DATABASE, NotYet, Unfit, of
from cams.proof.undone import undone
from pages.build import ASSETS
from pages.views import front_end

Application = Callable[[dict[str, Any], Any, Any], Any]
FAR = "2998-01-01T00:00:00Z", "2998-01-02T00:00:00Z"
SHOWN = 80


@dataclass(frozen=True)
class Request:
    """What is asked, and the status that it must be answered with; without one, any that is no server's error."""

    method: str
    path: str
    status: int | None
    signed_in: bool = False
    document: Any = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}" + (" of a signed-in user" if self.signed_in else "")


@dataclass
class Answer:
    """What came back, and what was raised on the way."""

    status: int = 0
    made: str = ""  # where what a POST has made is
    body: bytes = b""
    raised: list[BaseException] = field(default_factory=list)


LISTED = (
    Request("GET", "/", 200),
    Request("GET", "/", 200),
    Request("GET", "/admin/login/", 200),
    Request("GET", "/api/exams/", 200),
    Request("POST", "/api/exams/", 201, document={"title": "Proof", "opens_at": FAR[0], "closes_at": FAR[1]}),
    Request("GET", "/api/nothing/", 404),
    Request("GET", "/admin/", 200, signed_in=True),
)


def prove(application: Application, asked: list[Request]) -> None:
    """Raise what is wrong with the first request that fails, or return."""
    asyncio.run(_prove(application, asked))


async def _prove(application: Application, asked: list[Request]) -> None:
    """All in one thread, and so on one connection, whose transaction no request ends."""
    async with ThreadSensitiveContext():
        kept = ExitStack()
        try:
            cookie = await sync_to_async(_sign_in)(kept)
            while asked:
                request = asked.pop(0)
                board.begin(str(request))
                answer = await _ask(application, request, cookie if request.signed_in else "")
                _judge(request, answer)
                if request.method == "POST" and answer.made:
                    asked.insert(0, Request("GET", answer.made, 200))
        finally:
            await sync_to_async(kept.close)()


def everything() -> list[Request]:
    """Those that are listed, and each address."""
    listed = {request.path for request in LISTED if request.signed_in}
    paths = [path for path, plain in code.addresses() if plain and path not in listed]
    assets = [Request("GET", f"{ASSETS}{name}", 200) for name in front_end().assets]
    return [*LISTED, *assets, *(Request("GET", path, None, signed_in=True) for path in paths)]


def _judge(request: Request, answer: Answer) -> None:
    for error in answer.raised:
        if isinstance(error, (OperationalError, InterfaceError)):
            raise NotYet(NO_DATABASE) from error
    right = answer.status == request.status if request.status else 0 < answer.status < 500
    if answer.raised and not (right and request.status):
        raise Unfit(f"answers {answer.status}, {of(answer.raised[0])}") from answer.raised[0]
    if not right:
        wanted = f" and not {request.status}" if request.status else ""
        raise Unfit(f"answers {answer.status}{wanted}: {answer.body[:SHOWN].decode(errors='replace')}")


async def _ask(application: Application, request: Request, cookie: str) -> Answer:
    answer, body = Answer(), [b"" if request.document is None else json.dumps(request.document).encode()]
    scope = {**_scope(request, cookie, len(body[0])), MARK: answer}

    async def receive() -> dict[str, Any]:
        if body:
            return {"type": "http.request", "body": body.pop(), "more_body": False}
        await asyncio.Event().wait()  # the client stays, and says no more
        return {}

    async def send(message: dict[str, Any]) -> None:
        answer.status = message.get("status", answer.status)
        answer.made = dict(message.get("headers", ())).get(b"Location", b"").decode() or answer.made
        answer.body += message.get("body", b"")

    await application(scope, receive, send)
    return answer


def _scope(request: Request, cookie: str, length: int) -> dict[str, Any]:
    """As a server tells it of the first of the app's own hosts."""
    host = settings.ALLOWED_HOSTS[0].lstrip(".").replace("*", "localhost")
    headers = {
        "host": host,
        "x-forwarded-proto": "https" if settings.ENVIRONMENT.secure else "http",
        "cookie": cookie,
    }
    if request.document is not None:
        headers |= {"content-type": "application/json", "content-length": str(length)}
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": request.path,
        "raw_path": request.path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items() if value],
        "client": ("127.0.0.1", 0),
        "server": (host, settings.ENVIRONMENT.port),
    }


def _sign_in(kept: ExitStack) -> str:
    """A user who may everything, as long as the transaction lasts; the cookie of their session."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    kept.callback(connection.close)
    kept.callback(lambda: session.session_key and session.delete())  # from the cache, where there is no transaction
    kept.enter_context(undone())
    user = User.objects.create_superuser(f"proof-{token_hex(8)}")
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


@receiver(got_request_exception)
def _note(request: HttpRequest, **_: Any) -> None:
    """Keep what a request of ours raised, of which Django makes an answer."""
    answer = getattr(request, "scope", {}).get(MARK)
    error = sys.exc_info()[1]
    if answer and error:
        answer.raised.append(error)
