"""Sigstore's bundle: a DSSE envelope, and what its signature is verified by. Read strictly, written in one way.

https://docs.sigstore.dev/about/bundle, https://github.com/secure-systems-lab/dsse/blob/v1.0.2/envelope.md
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from ops.releases.refusal import UntrustedError

MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
LARGEST = 1 << 20  # bytes; a provenance has about 4,000


@dataclass(frozen=True)
class Bundle:
    """What somebody has signed; that it is true is not known yet."""

    payload: bytes
    payload_type: str
    signature: bytes
    key_hint: str  # which key, where one signed
    certified: bool  # whether a certificate says who signed
    content: bytes

    @property
    def signed(self) -> bytes:
        """The bytes that the signature is of."""
        return encoded(self.payload, self.payload_type)


def encoded(payload: bytes, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """DSSE's pre-authentication encoding: the type is signed, too."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def hint(public_key: bytes) -> str:
    """How a bundle names the key that signed it."""
    return base64.b64encode(hashlib.sha256(public_key).digest()).decode()


def write(payload: bytes, signature: bytes, public_key: bytes) -> bytes:
    """The bundle of what a key has signed."""
    envelope = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{"sig": base64.b64encode(signature).decode()}],
    }
    material = {"publicKey": {"hint": hint(public_key)}}
    bundle = {"mediaType": MEDIA_TYPE, "verificationMaterial": material, "dsseEnvelope": envelope}
    return json.dumps(bundle, sort_keys=True, separators=(",", ":")).encode()


def read(content: bytes) -> Bundle:
    """A bundle of one signature on a statement, or which rule it breaks."""
    if len(content) > LARGEST:
        raise UntrustedError("size", f"the bundle has {len(content)} bytes, more than {LARGEST}")
    try:
        said = json.loads(content)
        envelope, material = said["dsseEnvelope"], said["verificationMaterial"]
        media_type, payload_type, signatures = said["mediaType"], envelope["payloadType"], envelope["signatures"]
        payload = _decoded(envelope["payload"])
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise UntrustedError("format", f"it is no Sigstore bundle of an envelope: {type(error).__name__}") from error
    if media_type != MEDIA_TYPE:
        raise UntrustedError("format", f"it is `{media_type}`, not `{MEDIA_TYPE}`")
    if not isinstance(signatures, list) or len(signatures) != 1:
        raise UntrustedError("signatures", "the envelope must have exactly one signature")
    if payload_type != PAYLOAD_TYPE:
        raise UntrustedError("payload type", f"what is signed is `{payload_type}`, not `{PAYLOAD_TYPE}`")
    return Bundle(payload, payload_type, _signature(signatures[0]), *_signer(material), content)


def _signature(said: Any) -> bytes:
    try:
        return _decoded(said["sig"])
    except (ValueError, LookupError, TypeError) as error:
        raise UntrustedError("signatures", "the signature cannot be read") from error


def _signer(material: Any) -> tuple[str, bool]:
    """The hint of a key, or that there is a certificate: exactly one of the two."""
    kinds = set(material) & {"publicKey", "certificate", "x509CertificateChain"} if isinstance(material, dict) else ()
    if kinds == {"publicKey"} and isinstance(material["publicKey"], dict):
        return str(material["publicKey"].get("hint", "")), False
    if kinds == {"certificate"}:
        return "", True
    raise UntrustedError("format", "it must say by one key or one certificate who signed")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error
