"""A JSON Web Token as it stands, read strictly: one spelling for each token, each name in it once."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.aws.oidc.refusals import NOT_A_JWT, invalid


@dataclass(frozen=True)
class Token:
    """What a token says before anybody has verified it."""

    text: str
    header: Mapping[str, Any]
    claims: Mapping[str, Any]


def read(text: str) -> Token:
    """Raises InvalidIdentityToken for what is no signed JWT, and for one that two readers could read differently."""
    try:
        header, claims, signature = text.split(".")
        _bytes(signature)
        return Token(text, _object(header), _object(claims))
    except (ValueError, RecursionError) as error:
        raise invalid(NOT_A_JWT) from error


def _object(part: str) -> dict[str, Any]:
    value = json.loads(_bytes(part).decode(), object_pairs_hook=_once, parse_constant=_no_number)
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 - one kind of error for all that is no token
    return value


def _bytes(part: str) -> bytes:
    """Base64url without padding, and without spare bits: else a changed text would be the same token."""
    raw = urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if urlsafe_b64encode(raw).rstrip(b"=") != part.encode():
        raise ValueError("not base64url")
    return raw


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _no_number(name: str) -> None:
    raise ValueError(f"JSON has no {name}")
