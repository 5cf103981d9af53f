"""The signature of a report: by a key that is made of the one which opened the backup, so only its holders sign."""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import ValidationError

from console.errors import ExplainedError
from ops.drills.report import Closed, Report

PURPOSE = b"slipway drill report 1"  # a signature under it is one of nothing else


class Signature(Closed):
    """Ed25519, over the report's canonical JSON."""

    algorithm: str = "Ed25519"
    public: str
    value: str


class Signed(Closed):
    """A report as it is stored. Without a signature where no key was had: the drill failed before."""

    report: Report
    signature: Signature | None = None


def sign(report: Report, identity: str) -> Signed:
    """With the age identity that opened the backup."""
    key = _key(identity)
    value = key.sign(canonical(report))
    return Signed(report=report, signature=Signature(public=public(identity), value=_text(value)))


def public(identity: str) -> str:
    """The public half that reports signed by its holder bear."""
    return _text(_key(identity).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def is_sound(signed: Signed) -> bool:
    """Whether not a letter of the report has changed since whoever has that public half signed it."""
    one = signed.signature
    if one is None or one.algorithm != "Ed25519":
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(one.public, validate=True))
        key.verify(base64.b64decode(one.value, validate=True), canonical(signed.report))
    except (InvalidSignature, ValueError):
        return False
    return True


def written(signed: Signed) -> bytes:
    """As it is stored: for people and programs."""
    return json.dumps(signed.model_dump(mode="json"), indent=1).encode() + b"\n"


def read(stored: bytes, where: str) -> Signed:
    """One that was stored; what is no report is told."""
    try:
        return Signed.model_validate_json(stored)
    except ValidationError as error:
        first = error.errors()[0]
        place = "/".join(str(part) for part in first["loc"])
        raise ExplainedError(
            f"cannot read {where}",
            f"{place}: {first['msg']}" if place else str(first["msg"]),
        ) from error


def canonical(report: Report) -> bytes:
    """One text for one report, whatever way it is stored."""
    told: Any = report.model_dump(mode="json")
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _key(identity: str) -> Ed25519PrivateKey:
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(identity.strip().encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
