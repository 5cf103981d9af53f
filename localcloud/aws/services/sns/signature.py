"""What SNS signs its messages with: a key of this cloud, whose certificate anybody may fetch.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from localcloud.machine import ports
from localcloud.machine.paths import folder, write_atomically

_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
_PATH = re.compile(r"/SimpleNotificationService-[0-9a-f]{32}\.pem")
_YEARS = timedelta(days=3650)


def signed(letter: dict[str, Any], version: str) -> dict[str, Any]:
    """The letter with its signature: version 1 is SHA-1, 2 is SHA-256."""
    kind = "Notification" if letter["Type"] == "Notification" else "SubscriptionConfirmation"
    text = "".join(f"{name}\n{letter[name]}\n" for name in _SIGNED[kind] if name in letter)
    algorithm = hashes.SHA256() if version == "2" else hashes.SHA1()  # noqa: S303 - AWS's version 1 is that
    signature = _key().sign(text.encode(), padding.PKCS1v15(), algorithm)
    where = f"http://{ports.HOST}:{ports.port('aws')}/SimpleNotificationService-{_fingerprint()}.pem"
    signature_text = base64.b64encode(signature).decode()
    return {**letter, "SignatureVersion": version, "Signature": signature_text, "SigningCertURL": where}


def certificate(path: str) -> bytes | None:
    """The certificate at an address of ours, None where it is not one."""
    if not _PATH.fullmatch(path):
        return None
    return _certificate()


def _fingerprint() -> str:
    return hashlib.sha256(_certificate()).hexdigest()[:32]


@cache
def _key() -> rsa.RSAPrivateKey:
    path = folder("aws", "sns") / "signing.pem"
    if not path.exists():
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        write_atomically(path, made.private_bytes(*pem))
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)  # noqa: S101 - it was written above
    return key


@cache
def _certificate() -> bytes:
    path = folder("aws", "sns") / "certificate.pem"
    if not path.exists():
        name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")]), datetime.now(UTC)
        made = x509.CertificateBuilder(name, name, _key().public_key(), x509.random_serial_number())
        made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + _YEARS)
        write_atomically(path, made.sign(_key(), hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path.read_bytes()
