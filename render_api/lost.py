"""What became of a request that got no answer."""

from __future__ import annotations

import re

from render_api.errors import UnreachableError

LOGIN = re.compile(r"://\S*@")  # of a proxy
PROXIES = "is the proxy right that the shell names? env | grep -i _proxy"
SETTINGS = "mend or unset what names it: env | grep -iE 'RENDER_HOST|_proxy|_BUNDLE'"
CERTIFICATES = "behind a proxy that opens TLS, name its certificates: export REQUESTS_CA_BUNDLE=FILE"


class LostError(Exception):
    """A request without an answer, which may have one the next time."""

    def __init__(self, why: str, *, sent: bool, hint: str | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.sent = sent
        self.hint = hint


def lost(what: str, host: str, error: Exception) -> LostError | UnreachableError:
    """The error that tells it; one of the second kind is the same however often it is asked."""
    said = repr(error)
    kinds = {kind.__name__ for kind in type(error).__mro__}  # by name: only the client itself loads `requests`
    if "CERTIFICATE_VERIFY_FAILED" in said:
        why = f"the certificate of {host} is signed by nobody known here"
        return UnreachableError(what, why, hint=CERTIFICATES)
    if "ConnectTimeout" in kinds:
        return LostError("no connection", sent=False)
    if "ProxyError" in kinds:
        tunnel = re.search(r"Tunnel connection failed: [^')\"]+", said)
        return LostError(
            f"no way through the proxy ({tunnel[0]})" if tunnel else "no way to the proxy", sent=False, hint=PROXIES
        )
    if "ConnectionError" in kinds:
        refused = "NewConnectionError" in said or "NameResolutionError" in said
        return LostError("no connection" if refused else "connection lost", sent=not refused)
    if "Timeout" in kinds:
        return LostError("no answer in time", sent=True)
    if kinds & {"ChunkedEncodingError", "ContentDecodingError"}:
        return LostError("no whole answer", sent=True)
    # A proxy, a file of certificates or a host that cannot be used: nothing has left, and nothing will.
    why = " ".join(LOGIN.sub("://***@", str(error)).split()) or type(error).__name__
    return UnreachableError(what, why, hint=SETTINGS)
