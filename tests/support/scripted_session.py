"""A session that answers from a script and remembers what it was asked, and a clock that does not wait."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests
from requests.structures import CaseInsensitiveDict

from render_api.client import Client

HOST = "https://render.test/v1"
KEY = "rnd_canary"


def reply(status: int = 200, body: Any = None, **headers: str) -> requests.Response:
    """An answer; `Ratelimit_Reset="7"` is the header Ratelimit-Reset."""
    response = requests.Response()
    response.status_code = status
    response.reason = "Reason"
    content = body if isinstance(body, str) else "" if body is None else json.dumps(body)
    response._content = content.encode()
    response.headers = CaseInsensitiveDict({name.replace("_", "-"): value for name, value in headers.items()})
    return response


Answer = requests.Response | Exception | Callable[..., requests.Response]


@dataclass
class Session:
    """Gives its answers one after the other; an exception is raised, a function is asked."""

    answers: list[Answer]
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    options: list[dict[str, Any]] = field(default_factory=list)
    sent: list[requests.PreparedRequest] = field(default_factory=list)

    def header(self, name: str) -> str | None:
        """A header of the first request, as it would have been sent."""
        return self.sent[0].headers.get(name)

    def _prepared(self, method: str, url: str, options: dict[str, Any]) -> requests.PreparedRequest:
        request = requests.Request(method, url, headers=options.get("headers"), auth=options.get("auth"))
        return requests.Session().prepare_request(request)

    def request(self, method: str, url: str, *, json: Any = None, **options: Any) -> requests.Response:
        self.asked.append((method, url, json))
        self.options.append(options)
        self.sent.append(self._prepared(method, url, options))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer(**options) if callable(answer) else answer


@dataclass
class Clock:
    """Its time is the sum of what it was asked to wait."""

    waits: list[float] = field(default_factory=list)
    start: float = 1_800_000_000

    def now(self) -> float:
        return sum(self.waits)

    def today(self) -> float:
        return self.start + sum(self.waits)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    def jitter(self) -> float:
        return 0.5


def client(*answers: Any, said: list[str] | None = None, **options: Any) -> tuple[Client, Session, Clock]:
    """A client that is answered so, its session and its clock."""
    session, clock = Session(list(answers)), Clock()
    told = said if said is not None else []
    made = Client(KEY, host=HOST, session=session, clock=clock, on_wait=told.append, **options)  # type: ignore[arg-type] # a session by shape
    return made, session, clock
