"""The door to Sigstore: signatures by a workflow's own identity, with no key to keep, and their verification."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.errors import ExplainedError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from sigstore.verify import Verifier

TOKENS = "ACTIONS_ID_TOKEN_REQUEST_URL"  # GitHub's, in a job that may ask for tokens
ISSUER = "https://token.actions.githubusercontent.com"
# What Fulcio writes into a certificate: https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
_FULCIO = "1.3.6.1.4.1.57264.1"
_ISSUER, _SIGNER, _REPOSITORY, _COMMIT, _REF, _REPOSITORY_ID = (f"{_FULCIO}.{one}" for one in (8, 9, 12, 13, 14, 15))


class NotCertifiedError(Exception):
    """What Sigstore does not vouch for, and why."""


@dataclass(frozen=True)
class Certified:
    """What was signed, and what the certificate says of who did."""

    payload: bytes
    payload_type: str
    signer: str  # the workflow's file, with its repository and its branch
    repository: str
    repository_id: str
    ref: str
    commit: str


def identity_is_at_hand() -> bool:
    """Whether we are a job at GitHub that may prove which workflow it is."""
    return bool(os.environ.get(TOKENS))


def sign(statement: bytes) -> bytes:
    """The bundle of a statement: signed by a key that lives for this one signature, certified for this workflow."""
    from sigstore import oidc
    from sigstore.dsse import Statement
    from sigstore.errors import Error
    from sigstore.models import ClientTrustConfig
    from sigstore.sign import SigningContext

    try:
        token = oidc.detect_credential()
        if token is None:
            raise ExplainedError(
                "cannot sign", "this job has no token", hint="give it the permission id-token: write"
            )
        context = SigningContext.from_trust_config(ClientTrustConfig.production())
        with context.signer(oidc.IdentityToken(token)) as signer:
            return signer.sign_dsse(Statement(statement)).to_json().encode()
    except (Error, OSError) as error:
        raise ExplainedError(
            "cannot sign by the workflow's identity", _why(error), hint="run the job again"
        ) from error


def certified(content: bytes, verifier: Callable[[], Verifier] | None = None) -> Certified:
    """A bundle's statement and its signer, once the whole of it is verified.

    That is the signature, the certificate's chain and that it was valid then, its entry in the log of certificates,
    and the signature's in the log of signatures; by default those of Sigstore's public instance.
    """
    from sigstore.errors import Error
    from sigstore.models import Bundle
    from sigstore.verify import Verifier
    from sigstore.verify.policy import OIDCIssuerV2

    try:
        bundle = Bundle.from_json(content)
        kind, payload = (verifier or Verifier.production)().verify_dsse(bundle, OIDCIssuerV2(ISSUER))
        said = _extensions(bundle.signing_certificate)
        return Certified(
            payload, kind, said[_SIGNER], said[_REPOSITORY], said[_REPOSITORY_ID], said[_REF], said[_COMMIT]
        )
    except KeyError as error:
        raise NotCertifiedError(f"its certificate does not say {error.args[0]}") from error
    except (Error, OSError, ValueError) as error:
        raise NotCertifiedError(_why(error)) from error


def _extensions(certificate: Certificate) -> dict[str, str]:
    """Fulcio's own, which are DER-encoded UTF-8 strings of less than 64 KB."""
    from cryptography.x509 import UnrecognizedExtension

    found = {}
    for extension in certificate.extensions:
        name, value = extension.oid.dotted_string, extension.value
        if name.startswith(f"{_FULCIO}.") and isinstance(value, UnrecognizedExtension):
            found[name] = _text(value.value)
    return found


def _text(der: bytes) -> str:
    length, start = der[1], 2
    if length & 0x80:
        start += length & 0x7F
    return der[start:].decode(errors="replace")


def _why(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
