"""How a plan is kept: encrypted, with what it was made on beside it, and no byte of either can be another one."""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from typing import Any

from console.errors import REFUSED, ExplainedError
from infra.names import Names
from ops.doors import aws
from ops.plans.bound import Bound

FORMAT = 1
ABSENT = frozenset({"NotFoundException"})
NOT_OURS = frozenset({"IncorrectKeyException", "InvalidCiphertextException"})
NONCE = 12  # bytes, as AES-GCM wants it


def sealed(kms: Any, names: Names, bound: Bound, plan: bytes) -> bytes:
    """A file for people to keep: the environment's key in KMS is what opens it, and what nobody else seals with."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    made = _asked(kms, "generate_data_key", names, KeySpec="AES_256")
    nonce = os.urandom(NONCE)
    hidden = nonce + AESGCM(made["Plaintext"]).encrypt(nonce, plan, _said(bound.shown()))
    text = {
        "slipway_plan": FORMAT,
        "bound": bound.shown(),
        "key": b64encode(made["CiphertextBlob"]).decode(),
        "plan": b64encode(hidden).decode(),
    }
    return json.dumps(text, indent=1).encode() + b"\n"


def opened(kms: Any, names: Names, text: bytes) -> tuple[Bound, bytes]:
    """What it was made on, and Pulumi's plan; what nobody of this environment has sealed is refused."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    environment = names.environment
    try:
        read = json.loads(text)
        made, said = read["slipway_plan"], read["bound"]
        if made == FORMAT:
            key, hidden = b64decode(read["key"], validate=True), b64decode(read["plan"], validate=True)
            of = str(said["environment"])
    except (ValueError, KeyError, TypeError) as error:
        raise unfit(environment, "it is not one that `./slipway preview --save` has written") from error
    if made != FORMAT:
        raise unfit(environment, f"it is of format {made}, and this is a Slipway of format {FORMAT}")
    if of != environment:
        raise unfit(environment, f"it is a plan of {of}")
    answer = aws.answer(lambda: _asked(kms, "decrypt", names, CiphertextBlob=key), unless=NOT_OURS) if key else None
    edited = f"it was edited, or not sealed with the key of {environment} as that is now"
    if answer is None:
        raise unfit(environment, edited)
    try:
        plan = AESGCM(answer["Plaintext"]).decrypt(hidden[:NONCE], hidden[NONCE:], _said(said))
    except (InvalidTag, ValueError) as error:
        raise unfit(environment, edited) from error
    return Bound(**said), plan


def unfit(environment: str, why: str, *, hint: str = "") -> ExplainedError:
    """That a plan is not carried out, and what to do instead."""
    anew = (
        f"nothing was changed; to plan what would change now: ./slipway preview {environment} --save FILE (or --keep)"
    )
    return ExplainedError(
        f"refused: this plan is not carried out in {environment}", why, hint=hint or anew, code=REFUSED
    )


def _asked(kms: Any, operation: str, names: Names, **words: Any) -> dict[str, Any]:
    """By the environment's own key; before its first `up` there is only the one of the account's state."""
    context = {"environment": names.environment, "purpose": "plan"}
    ask = getattr(kms, operation)
    for alias in (names.key_alias, names.state_key_alias):
        answer = aws.answer(lambda alias=alias: ask(KeyId=alias, EncryptionContext=context, **words), unless=ABSENT)  # type: ignore[misc] # the default binds the loop's value
        if answer is not None:
            return dict(answer)
    raise ExplainedError(
        "cannot seal a plan",
        f"there is no KMS key {names.state_key_alias} yet",
        hint="./slipway bootstrap --yes",
    )


def _said(bound: dict[str, Any]) -> bytes:
    """The one way to write it, which is sealed with the plan."""
    return json.dumps(bound, sort_keys=True).encode()
