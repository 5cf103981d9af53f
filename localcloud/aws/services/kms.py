"""KMS: the defaults that AWS fills in, how often a key rotates, and no time spent on pairs that nobody uses."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from moto.kms import models, responses

from localcloud.aws.iam.requests.keys import KEY_BYTES
from localcloud.aws.iam.resource_policy import exists, is_principal
from localcloud.aws.replies import same
from localcloud.machine import clock

ROTATION_DAYS = 365
# https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
_NOT_WHEN_LEAVING = (
    "create_alias",
    "create_grant",
    "disable_key",
    "disable_key_rotation",
    "enable_key",
    "rotate_key_on_demand",
    "schedule_key_deletion",
    "tag_resource",
    "untag_resource",
    "update_key_description",
)


def install() -> None:
    """Put all of it in place."""
    kms: Any = models
    generate, create = kms.generate_private_key, kms.KmsBackend.create_key

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

    encrypt, decrypt = kms.KmsBackend.encrypt, kms.KmsBackend.decrypt

    def encrypt_when_enabled(self: Any, key_id: str, *others: Any, **named: Any) -> Any:
        _check_enabled(self.keys[self.any_id_to_key_id(key_id)])
        return encrypt(self, key_id, *others, **named)

    def decrypt_when_enabled(
        self: Any, ciphertext_blob: bytes, encryption_context: dict[str, str], key_id: str | None = None
    ) -> Any:
        plaintext, arn = decrypt(self, ciphertext_blob, encryption_context)
        _check_right(self, arn, key_id)
        _check_enabled(self.keys[self.get_key_id(arn)])
        return plaintext, arn

    for name in (
        "cancel_key_deletion",
        "disable_key",
        "enable_key",
        "schedule_key_deletion",
        "update_key_description",
    ):
        setattr(kms.KmsBackend, name, _by_any_name(getattr(kms.KmsBackend, name)))
    kms.KmsBackend.encrypt, kms.KmsBackend.decrypt = encrypt_when_enabled, decrypt_when_enabled
    kms.generate_private_key = generate_private_key
    kms.KmsBackend.create_key = create_key
    answers: Any = responses.KmsResponse
    for action in _NOT_WHEN_LEAVING:
        setattr(answers, action, _unless_leaving(getattr(answers, action)))
    for action in ("create_grant", "list_grants", "revoke_grant"):
        setattr(answers, action, _first(_key, getattr(answers, action)))
    answers.create_grant = _first(_check_principals, answers.create_grant)
    answers.retire_grant = _first(_check_named, answers.retire_grant)
    answers.re_encrypt = _first(_check_source, answers.re_encrypt)
    answers.get_public_key = _first(_check_pair, answers.get_public_key)
    answers.sign = _sign(answers.sign)
    answers.cancel_key_deletion = _cancel_key_deletion(answers.cancel_key_deletion)
    answers.enable_key_rotation = _unless_leaving(_enable_key_rotation)
    answers.get_key_rotation_status = _get_key_rotation_status


def _by_any_name(method: Any) -> Any:
    """moto knows the key by its id alone in these; AWS takes its ARN too."""

    @wraps(method)
    def by_id(self: Any, key_id: str, *others: Any, **named: Any) -> Any:
        return method(self, self.get_key_id(key_id), *others, **named)

    return by_id


def _check_enabled(key: Any) -> None:
    _check_staying(key)
    if key.key_state == "Disabled":
        raise same("DisabledException", 400, f"{key.arn} is disabled.")


def _check_right(backend: Any, arn: str, named: str | None) -> None:
    """Who names the key that a ciphertext was made with must name that one."""
    if named and backend.any_id_to_key_id(named) != backend.get_key_id(arn):
        message = "The key ID in the request does not identify a CMK that can perform this operation."
        raise same("IncorrectKeyException", 400, message)


def _check_principals(response: Any) -> None:
    """A grant is for somebody who is there."""
    for member in ("GranteePrincipal", "RetiringPrincipal"):
        name = response._get_param(member)
        if name and not (is_principal(("AWS", name)) and exists(name)):
            raise same("InvalidArnException", 400, f"ARN does not refer to a valid principal: {name}")


def _check_staying(key: Any) -> None:
    if key.key_state == "PendingDeletion":
        raise same("KMSInvalidStateException", 400, f"{key.arn} is pending deletion.")


def _unless_leaving(answer: Any) -> Any:
    """An action that a key on its way out refuses; of a key that is not there, moto itself says so."""

    def answered(self: Any) -> Any:
        name = self._get_param("KeyId") or self._get_param("TargetKeyId")
        key = self.kms_backend.keys.get(self.kms_backend.get_key_id(name)) if name else None
        if key is not None:
            _check_staying(key)
        return answer(self)

    return answered


def _check_source(response: Any) -> None:
    backend, sealed = response.kms_backend, response._get_param("CiphertextBlob")
    key = backend.keys.get(sealed[:KEY_BYTES].decode("ascii", "replace"))
    if key is not None:
        _check_right(backend, key.arn, response._get_param("SourceKeyId"))


def _check_named(response: Any) -> None:
    if not response._get_param("GrantToken") and not (
        response._get_param("KeyId") and response._get_param("GrantId")
    ):
        message = "Either a grant token, or a key and the id of its grant, must be specified."
        raise same("ValidationException", 400, message)


def _check_pair(response: Any) -> None:
    key = _by_any_id(response)
    if key.key_spec == "SYMMETRIC_DEFAULT" or key.key_spec.startswith("HMAC"):
        message = f"{key.arn} key spec is {key.key_spec} which is not valid for this operation."
        raise same("UnsupportedOperationException", 400, message)


def _first(check: Any, answer: Any) -> Any:
    @wraps(answer)
    def answered(self: Any) -> Any:
        check(self)
        return answer(self)

    return answered


def _cancel_key_deletion(answer: Any) -> Any:
    def cancel_key_deletion(self: Any) -> Any:
        key = _key(self)
        if key.key_state != "PendingDeletion":
            raise same("KMSInvalidStateException", 400, f"{key.arn} is not pending deletion.")
        return answer(self)

    return cancel_key_deletion


def _enable_key_rotation(self: Any) -> str:
    """moto forgets the period that was asked for."""
    key = _key(self)
    key.key_rotation_status = True
    key.rotation_days = self._get_param("RotationPeriodInDays") or getattr(key, "rotation_days", ROTATION_DAYS)
    key.next_rotation = clock.now() + timedelta(days=key.rotation_days)
    return json.dumps(None)


def _get_key_rotation_status(self: Any) -> str:
    key = _key(self)
    status = {"KeyId": key.id, "KeyRotationEnabled": key.key_rotation_status}
    if key.key_rotation_status:
        status["RotationPeriodInDays"] = getattr(key, "rotation_days", ROTATION_DAYS)
        moment = next_rotation(key)
        if moment:
            status["NextRotationDate"] = moment.timestamp()
    return json.dumps(status)


def next_rotation(key: Any) -> datetime | None:
    """When a key will be rotated by itself."""
    moment: datetime | None = getattr(key, "next_rotation", None) if key.key_rotation_status else None
    return moment


def _key(response: Any) -> Any:
    name = response._get_param("KeyId")
    response._validate_cmk_id(name)
    return response.kms_backend.keys[response.kms_backend.get_key_id(name)]


def _by_any_id(response: Any) -> Any:
    """To read a public half or to sign an alias is enough, which it is not for everything."""
    name = response._get_param("KeyId")
    response._validate_key_id(name)
    return response.kms_backend.describe_key(name)


def _sign(answer: Any) -> Any:
    """moto signs a digest as if it were the message; what AWS signs as one is already hashed."""

    def sign(self: Any) -> Any:
        if self._get_param("MessageType") != "DIGEST":
            return answer(self)
        key, digest, algorithm = _by_any_id(self), self._get_param("Message"), self._get_param("SigningAlgorithm")
        if algorithm not in key.signing_algorithms or not algorithm.startswith("ECDSA"):
            return answer(self)  # which says what is wrong, or signs as before
        sizes: dict[int, HashAlgorithm] = {32: SHA256(), 48: SHA384(), 64: SHA512()}
        if len(digest) != int(algorithm.rpartition("_")[2]) // 8:
            raise same("ValidationException", 400, f"Digest is invalid length for algorithm {algorithm}.")
        signature = key.private_key.private_key.sign(digest, ECDSA(Prehashed(sizes[len(digest)])))
        told = {"KeyId": key.arn, "Signature": b64encode(signature).decode(), "SigningAlgorithm": algorithm}
        return json.dumps(told)

    return sign
