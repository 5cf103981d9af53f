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
_LOOPBACK = re.compile(r"(127\.0\.0\.1|\[::1\]|localhost)(:\d+)?")


class ConnectionLostError(ExplainedError):
    """No answer, or only a part of one."""


class RegistryRefusedError(ExplainedError):
    """An answer that is an error, with the registry's own code and message."""

    def __init__(self, host: str, method: str, path: str, answer: requests.Response) -> None:
        self.status = answer.status_code
        super().__init__(f"the registry {host} refused {method} {path}", _reason(answer))


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
            raise ConnectionLostError(
                f"cannot reach the registry {self.host}", str(error), hint="run the same command again to go on"
            ) from error
        if answer.status_code in accepted:
            return answer
        with answer:
            raise RegistryRefusedError(self.host, method, urlsplit(url).path, answer)


class Body:
    """An answer's bytes on their way to somewhere else; at their end they must be those that were asked for."""

    def __init__(self, answer: requests.Response, digest: str) -> None:
        self._answer, self._digest = answer, digest

    def __len__(self) -> int:
        return int(self._answer.headers["Content-Length"])

    def __iter__(self) -> Iterator[bytes]:
        hashed = hashlib.sha256()
        with self._answer:
            for chunk in self._answer.iter_content(CHUNK):
                hashed.update(chunk)
                yield chunk
        if f"sha256:{hashed.hexdigest()}" != self._digest:
            why = f"what came as {self._digest} has the digest sha256:{hashed.hexdigest()}"
            raise ExplainedError("refused: a layer was changed", why, code=REFUSED)


def limited(answer: requests.Response, limit: int, what: str) -> bytes:
    """A whole answer; one with more bytes is given up as soon as that shows."""
    content = bytearray()
    with answer:
        for chunk in answer.iter_content(CHUNK):
            content += chunk
            if len(content) > limit:
                raise ExplainedError(f"refused: {what} is too large", f"more than {limit} bytes", code=REFUSED)
    return bytes(content)


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
    retry = Retry(ATTEMPTS, backoff_factor=0.2, status_forcelist=(429, 502, 503, 504), raise_on_status=False)
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session


def _reason(answer: requests.Response) -> str:
    try:
        errors = answer.json()["errors"]
        return f"{answer.status_code}, " + "; ".join(f"{each['code']}: {each.get('message', '')}" for each in errors)
    except (ValueError, LookupError, TypeError):
        return f"{answer.status_code} {answer.text[:200]}".strip()
