"""Whose signature on an image's provenance counts (docs/adr/0049)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from infra.settings import Settings

# One of a pair on the curve P-256, as `openssl pkey -pubin -outform DER | base64 --wrap=0` writes it.
PublicKey = Annotated[str, Field(pattern=r"^MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE[A-Za-z0-9+/]{86}==$")]


class Trust(Settings):
    """Whose signature on an image's provenance counts: a workflow's, without a stored key, or a key pair's."""

    workflow: str = Field(
        default=".github/workflows/build.yml", pattern=r"^\.github/workflows/[A-Za-z0-9._-]+\.ya?ml$"
    )
    keys: tuple[PublicKey, ...] = Field(
        default=(), description="Public halves; `slipway release key` makes a pair and prints its own."
    )
    max_age_days: int = Field(default=90, ge=1, le=3650, description="How long after its build one may be released.")
