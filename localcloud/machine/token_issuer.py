"""An issuer of OpenID Connect tokens: its key, made once and kept private, and what the world may know of it."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from localcloud.machine.paths import write_atomically

ALGORITHM = "RS256"
BITS = 2048
DISCOVERY = "/.well-known/openid-configuration"
JWKS = "/.well-known/jwks"


class TokenIssuer:
    """Signs tokens under a name. The key comes with the first token; safe to use from several processes."""

    def __init__(self, url: str, path: Path) -> None:
        self.url = url
        self._path = path

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A token with these claims and its issuer's name."""
        header = {"typ": "JWT", "alg": ALGORITHM, "kid": self._key.kid}
        return jwt.encode(header, {"iss": self.url, **claims}, self._key)

    def jwks(self) -> dict[str, Any]:
        """The keys by which a token is verified."""
        return {"keys": [self._key.as_dict(private=False)]}

    def discovery(self, claims: Sequence[str]) -> dict[str, Any]:
        """What OpenID Connect's discovery tells of it; `claims` are those that a token may have."""
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}{JWKS}",
            "subject_types_supported": ["public", "pairwise"],
            "response_types_supported": ["id_token"],
            "claims_supported": list(claims),
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "scopes_supported": ["openid"],
        }

    @cached_property
    def _key(self) -> RSAKey:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self._path.exists():
                made = RSAKey.generate_key(BITS, {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
                write_atomically(self._path, json.dumps(made.as_dict(private=True)).encode())
            return RSAKey.import_key(json.loads(self._path.read_bytes()))
