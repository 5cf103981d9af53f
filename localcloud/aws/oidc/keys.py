"""The keys of issuers: found by OpenID Connect's discovery, remembered, asked for again when one is unknown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey, import_key

from localcloud.aws.oidc import fetch
from localcloud.aws.oidc.refusals import NO_KEY, invalid, unreachable
from localcloud.machine import clock

# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
ALGORITHMS = {
    "RS256": RSAKey, "RS384": RSAKey, "RS512": RSAKey, "ES256": ECKey, "ES384": ECKey, "ES512": ECKey,
}  # fmt: skip
CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
MOST = 100  # of each kind that AWS reads
FRESH = timedelta(minutes=5)


@dataclass(frozen=True)
class _Known:
    keys: dict[str, dict[str, Any]]
    since: datetime


@dataclass
class IssuersKeys:
    """What is known of each issuer's keys."""

    _known: dict[str, _Known] = field(default_factory=dict)

    def find(self, issuer: str, kid: object, algorithm: str) -> Key:
        """The key of that id, for that algorithm.

        Raises AwsError: IDPCommunicationError when the issuer cannot be asked, InvalidIdentityToken when it has no
        such key.
        """
        if not isinstance(kid, str):
            raise invalid(NO_KEY)
        now, known = clock.now(), self._known.get(issuer)
        if known is None or not known.since <= now < known.since + FRESH or kid not in known.keys:
            known = self._known[issuer] = _Known(_published(issuer), now)
        found = known.keys.get(kid)
        if found is None:
            raise invalid(NO_KEY)
        return _usable(found, algorithm)


def _published(issuer: str) -> dict[str, dict[str, Any]]:
    try:
        told = fetch.document(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if told.get("issuer") != issuer or not isinstance(told.get("jwks_uri"), str):
            raise invalid(NO_KEY)
        listed = fetch.document(told["jwks_uri"]).get("keys")
    except OSError as error:
        raise unreachable() from error
    except ValueError as error:
        raise invalid(NO_KEY) from error
    if not isinstance(listed, list):
        raise invalid(NO_KEY)
    keys = [key for key in listed if isinstance(key, dict) and isinstance(key.get("kid"), str)]
    if any(sum(key.get("kty") == kind for key in keys) > MOST for kind in ("RSA", "EC")):
        raise invalid(NO_KEY)
    return {key["kid"]: key for key in keys}


def _usable(found: dict[str, Any], algorithm: str) -> Key:
    """A public key for signatures by that algorithm, never a shared secret that somebody has published."""
    if found.get("use", "sig") != "sig" or found.get("alg", algorithm) != algorithm:
        raise invalid(NO_KEY)
    try:
        key = import_key(found)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise invalid(NO_KEY) from error
    if isinstance(key, OKPKey) or not isinstance(key, ALGORITHMS[algorithm]):
        raise invalid(NO_KEY)
    if isinstance(key, ECKey) and key.curve_name != CURVES[algorithm]:
        raise invalid(NO_KEY)
    return key
