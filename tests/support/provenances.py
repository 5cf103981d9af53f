"""Provenance to be attacked: a key pair, the trust in it, and a good bundle that a test changes in one thing."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ops.releases import bundles
from ops.releases.provenance import Built
from ops.releases.trust import Trusted

NOW = datetime(2026, 11, 26, 16, 0, tzinfo=UTC)
IMAGE, OTHER_IMAGE = "sha256:" + "0a" * 32, "sha256:" + "0b" * 32
COMMIT, TREE = "c0" * 20, "7e" * 20
REPOSITORY, REPOSITORY_ID = "https://github.com/example/cams", 1029384756
WORKFLOW = ".github/workflows/build.yml"

BUILT = Built(
    application="cams",
    digest=IMAGE,
    repository=REPOSITORY,
    repository_id=REPOSITORY_ID,
    branch="staging",
    workflow="slipway",
    builder=f"{REPOSITORY}/slipway@refs/heads/staging",
    commit=COMMIT,
    tree=TREE,
    sbom="sha256:" + "5b" * 32,
    parameters={},
    run="",
    started=NOW - timedelta(minutes=3),
    finished=NOW - timedelta(minutes=2),
)


class KeyPair:
    """One that signs."""

    def __init__(self) -> None:
        self.private: EllipticCurvePrivateKey = generate_private_key(SECP256R1())

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, payload: bytes, payload_type: str = bundles.PAYLOAD_TYPE) -> bytes:
        return self.private.sign(bundles.encoded(payload, payload_type), ECDSA(SHA256()))

    def sign_digest(self, digest: bytes) -> bytes:
        return self.private.sign(digest, ECDSA(Prehashed(SHA256())))

    def bundle(self, **changes: Any) -> bytes:
        """A good one, of a build that differs in what is named."""
        return self.of(replace(BUILT, **changes).statement())

    def of(self, payload: bytes) -> bytes:
        """A bundle of whatever payload."""
        return bundles.write(payload, self.sign(payload), self.public)


def edited(bundle: bytes, *path: str | int, to: Any) -> bytes:
    """A bundle with one value changed after it was signed."""
    said = place = json.loads(bundle)
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return json.dumps(said).encode()


def payload_of(bundle: bytes) -> dict[str, Any]:
    """What a bundle's statement says."""
    said: dict[str, Any] = json.loads(base64.b64decode(json.loads(bundle)["dsseEnvelope"]["payload"]))
    return said


def encoded(said: Any) -> str:
    """As an envelope carries it."""
    return base64.b64encode(json.dumps(said).encode()).decode()


def trusted(**keys: bytes) -> Trusted:
    """The repository, its workflow, and the key of each branch."""
    return Trusted(
        REPOSITORY,
        REPOSITORY_ID,
        WORKFLOW,
        {branch: frozenset({key}) for branch, key in keys.items()},
        timedelta(days=90),
    )
