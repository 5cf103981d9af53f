"""The issuers of tokens that this machine stands for, and where they answer: what the DNS would say of them."""

from __future__ import annotations

from urllib.parse import urlsplit

from localcloud.machine.ports import HOST, port

GITHUB = "https://token.actions.githubusercontent.com"
RENDER = "https://oidc.render.com"
_STAND_INS = {GITHUB: ("github", ""), RENDER: ("render", "/oidc")}
_LOOPBACK = {HOST, "localhost", "::1"}


def local_address(url: str) -> str | None:
    """Where to ask for an issuer's address: as it says on loopback, at ours for the two; None beyond this machine."""
    for name, (daemon, path) in _STAND_INS.items():
        if url == name or url.startswith(f"{name}/"):
            return f"http://{HOST}:{port(daemon)}{path}{url.removeprefix(name)}"
    parts = urlsplit(url)
    return url if parts.scheme in ("http", "https") and parts.hostname in _LOOPBACK else None
