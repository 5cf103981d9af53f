"""The one door to Render's REST API. https://api-docs.render.com"""

from __future__ import annotations

import copy
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self

from render_api.clock import Clock, SystemClock
from render_api.errors import NotFound, RateLimited, RefusedError, RenderError, UnknownOutcomeError, UnreachableError
from render_api.lost import LostError, lost

if TYPE_CHECKING:
    import requests

HOST = "https://api.render.com/v1"
# PATCH is here because every body we send states values, never changes to values.
REPEATABLE = frozenset({"GET", "PUT", "PATCH", "DELETE"})
PASSING = frozenset({502, 503, 504})
ATTEMPTS = 6
TIMEOUT = (10, 60)  # seconds to connect, seconds between two bytes of the answer
PATIENCE = 3900  # the slowest limit is hourly: wait for one reset of it, not for two
EPOCH = 1_000_000_000  # `Ratelimit-Reset` is documented as a date and comes as seconds to wait
PAGE = 100

Params = Mapping[str, str | int | bool | list[str]]


class Client:
    """Render's API with its limits respected. Safe to use from many threads."""

    def __init__(
        self,
        api_key: str,
        *,
        host: str = HOST,
        session: requests.Session | None = None,
        clock: Clock | None = None,
        on_wait: Callable[[str], None] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self.host = host.rstrip("/")
        self.clock: Clock = clock or SystemClock()
        self._api_key = api_key.strip()  # a file's last line ends
        self._sessions = _Sessions(session)
        self._on_wait = on_wait
        self._patience = patience

    def __repr__(self) -> str:
        return f"Client(host={self.host!r}, api_key='***')"

    @classmethod
    def from_env(cls, **options: Any) -> Self:
        """A client for the key in RENDER_API_KEY, at RENDER_HOST when that is set."""
        key = os.environ.get("RENDER_API_KEY", "")
        if not key:
            raise RenderError(
                "render",
                "no API key: RENDER_API_KEY is not set",
                hint="export RENDER_API_KEY=rnd_… (Account Settings → API Keys)",
            )
        return cls(key, host=os.environ.get("RENDER_HOST") or HOST, **options)

    def telling(self, on_wait: Callable[[str], None]) -> Self:
        """The same client, announcing its waits to somebody else."""
        other = copy.copy(self)
        other._on_wait = on_wait  # noqa: SLF001 - a copy of itself
        return other

    def get(self, path: str, params: Params | None = None) -> Any:
        """What is there, or `NotFound`."""
        return self._request("GET", path, params=params)

    def post(self, path: str, body: Any = None, *, repeatable: bool = False) -> Any:
        """Make something. `repeatable`: doing it twice is doing it once, so a lost answer is asked for again."""
        return self._request("POST", path, body, repeatable=repeatable)

    def patch(self, path: str, body: Any) -> Any:
        """Set what the body names."""
        return self._request("PATCH", path, body)

    def put(self, path: str, body: Any) -> Any:
        """Replace what is there."""
        return self._request("PUT", path, body)

    def delete(self, path: str, params: Params | None = None) -> None:
        """Remove it. One that is gone already is a success."""
        try:
            self._request("DELETE", path, params=params)
        except NotFound:
            return

    def pages(
        self, path: str, params: Params | None = None, *, envelope: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Every item of a list, page by page. `envelope`: the key that each item sits under, where there is one."""
        query: dict[str, Any] = {**(params or {}), "limit": PAGE}
        while True:
            page = self._request("GET", path, params=query) or []
            for item in page:
                yield item[envelope] if envelope and envelope in item else item
            last = page[-1].get("cursor") if page else None
            if len(page) < PAGE or not last or last == query.get("cursor"):
                return
            query = {**query, "cursor": last}

    def _request(
        self, method: str, path: str, body: Any = None, *, params: Params | None = None, repeatable: bool = False
    ) -> Any:
        what = f"{method} {path}"
        repeatable = repeatable or method in REPEATABLE
        waited, attempt = 0.0, 0
        while True:
            attempt += 1
            try:
                response = self._send(method, path, body, params)
            except LostError as error:
                if not repeatable and error.sent:
                    raise UnknownOutcomeError(what, error.why) from error.__cause__
                if attempt >= ATTEMPTS:
                    hint = error.hint or f"is {self.host} right and up?"
                    raise UnreachableError(what, f"{error.why}, {attempt} times", hint=hint) from error
                self._wait(self._backoff(attempt), f"{error.why} at {what}")
                continue
            if response.status_code < 300:
                return _json(response)
            if response.status_code == 429:
                seconds = self._until_reset(response, attempt)
                if waited + seconds > self._patience:
                    raise _refusal(what, response, f"wait {_span(seconds)} and run the command again")
                waited += seconds
                self._wait(seconds, f"Render's rate limit is reached at {what}")
                continue
            if response.status_code in PASSING and repeatable and attempt < ATTEMPTS:
                self._wait(self._backoff(attempt), f"Render answers {response.status_code} to {what}")
                continue
            if response.status_code >= 500 and not repeatable:
                raise UnknownOutcomeError(what, str(_refusal(what, response).why))
            raise _refusal(what, response)

    def _send(self, method: str, path: str, body: Any, params: Params | None) -> requests.Response:
        try:
            return self._sessions.mine().request(
                method,
                self.host + path,
                json=body,
                params=params,
                timeout=TIMEOUT,
                headers={"Accept": "application/json"},
                auth=self._authorise,  # as a header it would give way to a line of the user's .netrc
                allow_redirects=False,  # the key goes to this host and to no other
            )
        except (OSError, ValueError) as error:  # what `requests` raises, and what it lets through
            raise lost(f"{method} {path}", self.host, error) from error

    def _authorise(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if not (self._api_key.isascii() and self._api_key.isprintable()):  # the error of who sends it would show it
            raise RenderError(
                "render",
                "the API key cannot be one: it has a line break or letters that no key has",
                hint="copy it again into RENDER_API_KEY (Account Settings → API Keys)",
            )
        request.headers["Authorization"] = f"Bearer {self._api_key}"
        return request

    def _backoff(self, attempt: int) -> float:
        return float(min(2 ** (attempt - 1), 30)) * (0.5 + self.clock.jitter() / 2)

    def _until_reset(self, response: requests.Response, attempt: int) -> float:
        for header in ("Retry-After", "Ratelimit-Reset"):
            try:
                seconds = float(response.headers[header])
            except (KeyError, ValueError):
                continue
            if seconds > EPOCH:
                seconds -= self.clock.today()
            return max(seconds, 0.0) + 0.1 + self.clock.jitter()
        return self._backoff(attempt + 2)

    def _wait(self, seconds: float, why: str) -> None:
        if self._on_wait:
            self._on_wait(f"{why}: waiting {_span(seconds)}")
        self.clock.sleep(seconds)


class _Sessions:
    """One session for each thread (they are not made to be shared), or the one that was given."""

    def __init__(self, given: requests.Session | None) -> None:
        self._given = given
        self._local = threading.local()

    def mine(self) -> requests.Session:
        if self._given is not None:
            return self._given
        if not hasattr(self._local, "session"):
            import requests

            self._local.session = requests.Session()
            self._local.session.trust_env = True
        session: requests.Session = self._local.session
        return session


def _json(response: requests.Response) -> Any:
    if not response.content:
        return None
    try:
        return response.json()
    except ValueError:
        return None  # some 200s carry plain text: there is nothing in it that we need


def _refusal(what: str, response: requests.Response, hint: str | None = None) -> RefusedError:
    status = response.status_code
    kind = NotFound if status in (404, 410) else RateLimited if status == 429 else RefusedError
    if status == 401:
        hint = "is RENDER_API_KEY a key of this workspace?"
    return kind(
        what, _reason(response), status=status, request_id=response.headers.get("Render-Request-Id"), hint=hint
    )


def _reason(response: requests.Response) -> str:
    """Render's own words, wherever it put them this time."""
    try:
        body = response.json()
    except ValueError:
        body = response.text
    if isinstance(body, dict):
        body = body.get("message") or body.get("error") or body.get("code") or ""
    text = " ".join(str(body or "").split())
    return text[:500] or response.reason or "no reason given"


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
