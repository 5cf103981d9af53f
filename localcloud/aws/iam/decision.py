"""What policies say to an ask: allowed, not allowed, or denied, and by which kind of policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Effect = Literal["allow", "implicit deny", "explicit deny"]
Kind = Literal["identity-based", "resource-based", "permissions boundary", "session", "trust", "grant"]


@dataclass(frozen=True)
class Decision:
    """The end of an evaluation; for an allow `kind` is what gave it, for a deny what denied or did not allow."""

    effect: Effect
    kind: Kind

    @property
    def allowed(self) -> bool:
        """Whether the call may go on."""
        return self.effect == "allow"
