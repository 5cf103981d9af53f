"""A Sigstore of the tests' own: an authority, a log of certificates and one of signatures, with keys of their own.

What it writes is what the public one writes, so that the library that verifies that verifies this.
https://www.rfc-editor.org/rfc/rfc6962, https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import rfc8785
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from ops.doors.sigstore import ISSUER
from ops.releases import bundles
from tests.support.provenances import COMMIT, NOW, REPOSITORY, REPOSITORY_ID, WORKFLOW

FULCIO = "1.3.6.1.4.1.57264.1"
SCTS = ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True)
class Identity:
    """What a token of GitHub says of a workflow."""

    ref: str = "refs/heads/staging"
    repository: str = REPOSITORY
    repository_id: str = str(REPOSITORY_ID)
    workflow: str = WORKFLOW
    commit: str = COMMIT
    issuer: str = ISSUER

    @property
    def signer(self) -> str:
        return f"{self.repository}/{self.workflow}@{self.ref}"

    @property
    def extensions(self) -> dict[str, str]:
        return {
            "8": self.issuer,
            "9": self.signer,
            "12": self.repository,
            "13": self.commit,
            "14": self.ref,
            "15": self.repository_id,
        }


@dataclass
class Instance:
    """All of it, at one time."""

    now: datetime = NOW - timedelta(minutes=1)
    authority: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    certificates: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    signatures: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))

    def __post_init__(self) -> None:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "an authority")])
        self.root = (
            x509.CertificateBuilder(name, name, self.authority.public_key(), x509.random_serial_number())
            .not_valid_before(self.now - timedelta(days=1))
            .not_valid_after(self.now + timedelta(days=3650))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(key_cert_sign=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.authority.public_key()), critical=False)
            .sign(self.authority, SHA256())
        )

    def trusted_root(self) -> str:
        """What makes somebody trust it."""
        valid = {"start": "2020-01-01T00:00:00Z"}
        chain = {"certificates": [{"rawBytes": _text(self.root.public_bytes(Encoding.DER))}]}
        subject = {"organization": "tests", "commonName": "an authority"}
        authority = {"subject": subject, "uri": "https://fulcio.test", "certChain": chain, "validFor": valid}
        logs = [
            {
                "baseUrl": "https://log.test",
                "hashAlgorithm": "SHA2_256",
                "publicKey": {
                    "rawBytes": _text(_public(key)),
                    "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                    "validFor": valid,
                },
                "logId": {"keyId": _text(_id(key))},
            }
            for key in (self.signatures, self.certificates)
        ]
        return json.dumps(
            {
                "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
                "tlogs": logs[:1],
                "ctlogs": logs[1:],
                "certificateAuthorities": [authority],
                "timestampAuthorities": [],
            }
        )

    def sign(self, payload: bytes, identity: Identity = Identity(), *, late: timedelta = timedelta()) -> bytes:
        """The bundle of a workflow that has signed; `late` is how long after it was certified."""
        key = generate_private_key(SECP256R1())
        certificate = self._certificate(key, identity)
        signature = key.sign(bundles.encoded(payload), ECDSA(SHA256()))
        envelope = {
            "payload": _text(payload),
            "payloadType": bundles.PAYLOAD_TYPE,
            "signatures": [{"sig": _text(signature)}],
        }
        pem = certificate.public_bytes(Encoding.PEM)
        body: dict[str, Any] = {
            "apiVersion": "0.0.1",
            "kind": "dsse",
            "spec": {
                "envelopeHash": {"algorithm": "sha256", "value": hashlib.sha256(_json(envelope)).hexdigest()},
                "payloadHash": {"algorithm": "sha256", "value": hashlib.sha256(payload).hexdigest()},
                "signatures": [{"signature": _text(signature), "verifier": _text(pem)}],
            },
        }
        material = {
            "certificate": {"rawBytes": _text(certificate.public_bytes(Encoding.DER))},
            "tlogEntries": [self._entry(rfc8785.dumps(body), int((self.now + late).timestamp()))],
        }
        bundle = {"mediaType": bundles.MEDIA_TYPE, "verificationMaterial": material, "dsseEnvelope": envelope}
        return json.dumps(bundle).encode()

    def _certificate(self, key: EllipticCurvePrivateKey, identity: Identity) -> x509.Certificate:
        """With the promise of the log of certificates in it, which is about all the rest of it."""
        subject = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(identity.signer)])
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.authority.public_key())
        builder = (
            x509.CertificateBuilder(self.root.subject, x509.Name([]), key.public_key(), x509.random_serial_number())
            .not_valid_before(self.now)
            .not_valid_after(self.now + LIFETIME)
            .add_extension(_usage(digital_signature=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
            .add_extension(authority, critical=False)
            .add_extension(subject, critical=True)
        )
        for number, value in identity.extensions.items():
            oid = ObjectIdentifier(f"{FULCIO}.{number}")
            extension = x509.UnrecognizedExtension(oid, _der(0x0C, value.encode()))
            builder = builder.add_extension(extension, critical=False)
        promise = self._promise(builder.sign(self.authority, SHA256()).tbs_certificate_bytes)
        return builder.add_extension(x509.UnrecognizedExtension(SCTS, promise), critical=False).sign(
            self.authority, SHA256()
        )

    def _promise(self, certificate: bytes) -> bytes:
        """A list of one signed certificate timestamp, of a certificate to be."""
        when = int(self.now.timestamp() * 1000)
        entry = _id(self.authority) + len(certificate).to_bytes(3, "big") + certificate
        signed = struct.pack(f"!BBQH{len(entry)}sH", 0, 0, when, 1, entry, 0)
        signature = self.certificates.sign(signed, ECDSA(SHA256()))
        head = struct.pack("!B32sQHBBH", 0, _id(self.certificates), when, 0, 4, 3, len(signature))
        one = head + signature
        return _der(0x04, struct.pack("!HH", len(one) + 2, len(one)) + one)

    def _entry(self, body: bytes, when: int) -> dict[str, Any]:
        """An entry of the log of signatures, which has no other."""
        root = hashlib.sha256(b"\0" + body).digest()
        note = f"log.test - 1\n1\n{_text(root)}\n"
        sealed = _id(self.signatures)[:4] + self.signatures.sign(note.encode(), ECDSA(SHA256()))
        log = _id(self.signatures)
        said: dict[str, Any] = {"body": _text(body), "integratedTime": when, "logID": log.hex(), "logIndex": 0}
        return {
            "logIndex": "0",
            "logId": {"keyId": _text(log)},
            "kindVersion": {"kind": "dsse", "version": "0.0.1"},
            "integratedTime": str(when),
            "inclusionPromise": {
                "signedEntryTimestamp": _text(self.signatures.sign(rfc8785.dumps(said), ECDSA(SHA256())))
            },
            "inclusionProof": {
                "logIndex": "0",
                "rootHash": _text(root),
                "treeSize": "1",
                "hashes": [],
                "checkpoint": {"envelope": f"{note}\n\N{EM DASH} log.test {_text(sealed)}\n"},
            },
            "canonicalizedBody": _text(body),
        }


def _usage(*, digital_signature: bool = False, key_cert_sign: bool = False) -> x509.KeyUsage:
    no = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign", "encipher_only"),
        False,
    )
    return x509.KeyUsage(digital_signature=digital_signature, key_cert_sign=key_cert_sign, decipher_only=False, **no)


def _public(key: EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _id(key: EllipticCurvePrivateKey) -> bytes:
    return hashlib.sha256(_public(key)).digest()


def _der(tag: int, content: bytes) -> bytes:
    """One value of ASN.1, of less than 64 KB."""
    size = len(content)
    short = bytes([size]) if size < 0x80 else bytes([0x81, size]) if size < 0x100 else b""
    length = short or b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()
