"""One thing that somebody could want of an environment, as a real call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from bench.isolation.place import Clients, Place

# With these AWS says that somebody may not; any other answer means that it has let the call through to the service.
REFUSALS = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "InvalidIdentityToken",
        "MissingAuthenticationToken",
    }
    | {"MissingAuthenticationTokenException", "MissingSecurityHeader", "KMSAccessDenied", "403"}
)
Undo = Callable[[Clients, Place, Any], Any]


@dataclass(frozen=True)
class Want:
    """A call as data: an argument that can be called is made of the place.

    It has to harm nothing when it is let through: what would, asks for what cannot be (a policy that is none, an
    upload that is not there), says what holds already, or is undone by the administrator.
    """

    action: str
    """IAM's name of it, `s3:GetObject`."""
    operation: str
    """boto's."""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    undo: Undo | None = None
    client: str = ""
    """boto's name of the service, where it is not IAM's."""
    in_the_clear: bool = False
    """Over HTTP without TLS."""

    def is_refused(self, who: Clients, place: Place) -> bool:
        """Make the call, undo what it did, and say whether AWS has refused it."""
        given = {name: value(place) if callable(value) else value for name, value in self.arguments.items()}
        service = self.client or self.action.partition(":")[0]
        client = who.in_the_clear(service) if self.in_the_clear else who(service)
        try:
            answer = getattr(client, self.operation)(**given)
        except ClientError as error:
            return error.response["Error"]["Code"] in REFUSALS
        if self.undo:
            self.undo(place.administrator, place, answer)
        return False
