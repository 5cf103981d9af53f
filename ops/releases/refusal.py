"""Why an image is not to be trusted: the one rule that it breaks."""

from __future__ import annotations

from console.errors import REFUSED, ExplainedError


class UntrustedError(Exception):
    """One attestation, and the rule that it breaks; another of the same image may be good."""

    def __init__(self, rule: str, why: str) -> None:
        super().__init__(f"{rule}: {why}")
        self.rule = rule


class UnverifiedError(ExplainedError):
    """An image that must not be deployed; `rule` is what it breaks."""

    def __init__(self, what: str, broken: UntrustedError, *, hint: str) -> None:
        self.rule = broken.rule
        super().__init__(f"refused: {what} is not verified", f"rule {broken}", hint=hint, code=REFUSED)
