"""The password for SES's SMTP servers that follows from a secret access key.

https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html#smtp-credentials-convert
"""

from __future__ import annotations

import base64
import hashlib
import hmac

_STEPS = ("ses", "aws4_request", "SendRawEmail")
_VERSION = b"\x04"


def ses_password(secret_key: str, region: str) -> str:
    """SigV4's derivation with a date that never changes."""
    signature = b"AWS4" + secret_key.encode()
    for step in ("11111111", region, *_STEPS):
        signature = hmac.new(signature, step.encode(), hashlib.sha256).digest()
    return base64.b64encode(_VERSION + signature).decode()
