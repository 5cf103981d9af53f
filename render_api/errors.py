"""What can go wrong between us and Render.

RenderError
├── RefusedError         Render said no: a status and its reason
│   ├── NotFound         404 or 410: the thing is gone
│   └── RateLimited      429, and the wait it asks for is longer than we may wait
├── UnknownOutcomeError  a request left and no answer came back: it may or may not have been carried out
├── UnreachableError     nobody answers at all
└── StoppedError         we were told to stop while waiting
"""

from __future__ import annotations


class RenderError(Exception):
    """`what: why`, a blank line, `hint: command`."""

    def __init__(self, what: str, why: str, *, hint: str | None = None) -> None:
        super().__init__(f"{what}: {why}" + (f"\n\nhint: {hint}" if hint else ""))
        self.what = what
        self.why = why
        self.hint = hint


class RefusedError(RenderError):
    """Render answered, and the answer is no."""

    def __init__(
        self, what: str, reason: str, *, status: int, request_id: str | None = None, hint: str | None = None
    ) -> None:
        trail = f", request {request_id}" if request_id else ""
        super().__init__(what, f"{reason} (HTTP {status}{trail})", hint=hint)
        self.status = status
        self.reason = reason
        self.request_id = request_id


class NotFound(RefusedError):  # noqa: N818 - the house name for it, as in the style guide
    """The thing is gone. Reads report it; deletes are glad of it."""


class RateLimited(RefusedError):  # noqa: N818 - names the state, as Render does
    """Too many requests, and waiting for the limit to reset would take longer than allowed."""


class UnknownOutcomeError(RenderError):
    """The request may have been carried out: look before sending it again."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(f"unknown outcome of {what}", why, hint="look for the thing by name before sending it again")


class UnreachableError(RenderError):
    """No answer, however often we asked."""


class StoppedError(RenderError):
    """Somebody asked us to stop; the wait in progress ended early."""
