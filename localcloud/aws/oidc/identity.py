"""Who a token shows, once its signature, its issuer, its audience and its time have been verified."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError

from localcloud.aws.oidc.keys import ALGORITHMS, IssuersKeys
from localcloud.aws.oidc.refusals import expired, invalid
from localcloud.aws.oidc.token import Token
from localcloud.machine import clock

# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html
SKEW = timedelta(minutes=5).total_seconds()
OLDEST = timedelta(hours=24).total_seconds()
LATEST = 2**53  # seconds; what is beyond is no number that all readers understand alike


@dataclass(frozen=True)
class Provider:
    """An IAM OpenID Connect provider: the issuers that an account trusts, and for which audiences."""

    arn: str
    client_ids: Sequence[str]


@dataclass(frozen=True)
class WebIdentity:
    """The bearer of a token that was verified."""

    provider: str  # its ARN
    issuer: str  # as condition keys begin: without `https://`
    subject: str
    audience: str
    claims: Mapping[str, Any]


_keys = IssuersKeys()


def verify(token: Token, provider_of: Callable[[str], Provider | None], keys: IssuersKeys = _keys) -> WebIdentity:
    """Whom a token shows.

    Raises AwsError: InvalidIdentityToken, ExpiredTokenException, IDPCommunicationError.
    """
    url = _text(token, "iss")
    issuer = url.partition("://")[2]
    provider = provider_of(url)
    if provider is None:
        raise invalid(f"No OpenIDConnect provider found in your account for {url}")
    _check_signature(token, url, keys)
    _check_time(token)
    audience = _audience(token, provider.client_ids)
    return WebIdentity(provider.arn, issuer, _text(token, "sub"), audience, token.claims)


def _check_signature(token: Token, issuer: str, keys: IssuersKeys) -> None:
    algorithm = token.header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS or "crit" in token.header:
        raise invalid()
    key = keys.find(issuer, token.header.get("kid"), algorithm)
    try:
        jws.deserialize_compact(token.text, key, algorithms=[algorithm])
    except (JoseError, ValueError) as error:
        raise invalid() from error


def _check_time(token: Token) -> None:
    now = clock.now().timestamp()
    ends, issued = _moment(token, "exp"), _moment(token, "iat")
    if now >= ends + SKEW:
        words = f"current date/time {int(now)} must be before the expiration date/time {int(ends)}"
        raise expired(f"Token expired: {words}")
    if now - issued > OLDEST:
        raise expired(f"Token too old: {int(now - issued)}")
    begins = _moment(token, "nbf") if "nbf" in token.claims else issued
    if max(begins, issued) > now + SKEW:
        raise invalid()


def _audience(token: Token, client_ids: Sequence[str]) -> str:
    """Of a token for many, the one that counts is its authorized party; without one, the first that is registered."""
    told = token.claims.get("azp", token.claims.get("aud"))
    if told is None:
        raise invalid("Missing a required claim: aud")
    every = told if isinstance(told, list) else [told]
    found = next((one for one in every if isinstance(one, str) and one in client_ids), None)
    if found is None:
        raise invalid("Incorrect token audience")
    return found


def _text(token: Token, name: str) -> str:
    value = token.claims.get(name)
    if not isinstance(value, str) or not value:
        raise invalid(f"Missing a required claim: {name}")
    return value


def _moment(token: Token, name: str) -> float:
    value = token.claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > LATEST:
        raise invalid(f"Missing a required claim: {name}")
    return float(value)
