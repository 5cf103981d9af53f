"""How a registry is spoken to: its login, its limits, and what goes wrong told to people."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from console.errors import REFUSED, ExplainedError

if TYPE_CHECKING:
    import requests

ATTEMPTS = 3
SECONDS = (5, 120)  # to connect; without a byte
CHUNK = 1 << 20
DONE = (200, 201, 202, 204)
LONGEST_WAIT = 60  # seconds, whatever a registry that is busy asks for
_LOOPBACK = re.compile(r"(127\.0\.0\.1|\[::1\]|localhost)(:\d+)?")


class ConnectionLostError(ExplainedError):
    """No answer, or only a part of one."""


class RegistryRefusedError(ExplainedError):
    """An answer that is an error, with the registry's own code and message."""

    def __init__(self, host: str, method: str, path: str, answer: requests.Response) -> None:
        self.status = answer.status_code
        super().__init__(f"the registry {host} refused {method} {path}", _reason(answer))


class UnclearError(ExplainedError):
    """An answer that the specification does not know: a proxy's page, or a registry that is none."""

    def __init__(self, host: str, why: str) -> None:
        super().__init__(f"cannot understand the registry {host}", why, hint="does a proxy stand in between?")


class Connection:
    """Who speaks to the registry at a host: by TLS, but on this machine."""

    def __init__(self, host: str, login: str) -> None:
        self.host = host
        local = _LOOPBACK.fullmatch(host) is not None
        self._base = f"{'http' if local else 'https'}://{host}"
        self._session = _session(login, through_proxies=not local)

    def call(self, method: str, where: str, *, accepted: tuple[int, ...] = DONE, **options: Any) -> requests.Response:
        """The answer, or why there is none. An address may be the whole one that the registry itself gave."""
        import requests

        url = urljoin(self._base, where)
        if urlsplit(url).netloc != self.host:
            why = f"it sends its clients to {urlsplit(url).netloc}"
            raise ExplainedError(f"refused: the registry {self.host} is not to be trusted", why, code=REFUSED)
        try:
            answer = self._session.request(method, url, timeout=SECONDS, **options)
        except requests.RequestException as error:
            raise self._lost(error) from error
        if answer.status_code in accepted:
            return answer
        with answer:
            raise RegistryRefusedError(self.host, method, urlsplit(url).path, answer)

    def read(self, answer: requests.Response, limit: int, what: str) -> bytes:
        """A whole answer; one with more bytes is given up as soon as that shows."""
        content = bytearray()
        for chunk in self.pieces(answer):
            content += chunk
            if len(content) > limit:
                raise ExplainedError(f"refused: {what} is too large", f"more than {limit} bytes", code=REFUSED)
        return bytes(content)

    def pieces(self, answer: requests.Response) -> Iterator[bytes]:
        """An answer as it comes, which may break off."""
        import requests

        with answer:
            try:
                yield from answer.iter_content(CHUNK)
            except requests.RequestException as error:
                raise self._lost(error) from error

    def header(self, answer: requests.Response, name: str) -> str:
        """What the specification has every registry say there."""
        if name not in answer.headers:
            raise UnclearError(self.host, f"its answer {answer.status_code} says no {name}")
        return str(answer.headers[name])

    def _lost(self, error: Exception) -> ConnectionLostError:
        again = "run the same command again to go on"
        return ConnectionLostError(f"cannot reach the registry {self.host}", str(error), hint=again)


class Body:
    """An answer's bytes on their way to somewhere else; at their end they must be those that were asked for."""

    def __init__(self, source: Connection, answer: requests.Response, digest: str) -> None:
        self._source, self._answer, self._digest = source, answer, digest
        self._length = int(source.header(answer, "Content-Length"))

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[bytes]:
        hashed = hashlib.sha256()
        for chunk in self._source.pieces(self._answer):
            hashed.update(chunk)
            yield chunk
        if f"sha256:{hashed.hexdigest()}" != self._digest:
            why = f"what came as {self._digest} has the digest sha256:{hashed.hexdigest()}"
            raise ExplainedError("refused: a layer was changed", why, code=REFUSED)


def _session(login: str, *, through_proxies: bool) -> requests.Session:
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3.util import Retry

    def log_in(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Basic {login}"
        return request

    session = requests.Session()
    session.trust_env = through_proxies
    session.auth = log_in  # also where a .netrc knows the host
    retry = Retry(
        ATTEMPTS,
        backoff_factor=0.2,
        status_forcelist=(429, 502, 503, 504),
        raise_on_status=False,
        retry_after_max=LONGEST_WAIT,
    )
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session


def _reason(answer: requests.Response) -> str:
    try:
        errors = answer.json()["errors"]
        return f"{answer.status_code}, " + "; ".join(f"{each['code']}: {each.get('message', '')}" for each in errors)
    except (ValueError, LookupError, TypeError):
        return f"{answer.status_code} {answer.text[:200]}".strip()
