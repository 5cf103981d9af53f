"""KMS: a key has a use also when the request names none, and only a key pair costs the time of making one."""

from __future__ import annotations

from typing import Any

from moto.kms import models


def install() -> None:
    """Replace the making of keys."""
    kms: Any = models
    generate = kms.generate_private_key
    create = kms.KmsBackend.create_key

    def generate_private_key(key_spec: str) -> Any:
        # moto makes an RSA pair, 0.1 s, for each symmetric key, and never uses it.
        return None if key_spec == "SYMMETRIC_DEFAULT" else generate(key_spec)

    def create_key(
        self: Any,
        policy: str | None,
        key_usage: str | None,
        key_spec: str | None,
        description: str | None,
        tags: Any,
        multi_region: bool | None = None,
        origin: str = "AWS_KMS",
    ) -> Any:
        use = key_usage or "ENCRYPT_DECRYPT"
        return create(self, policy, use, key_spec, description, tags, bool(multi_region), origin)

    kms.generate_private_key = generate_private_key
    kms.KmsBackend.create_key = create_key
