"""IP allow lists, as they are kept and shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from localcloud.render.api.fields import Cidr
from localcloud.render.api.store import Frozen


class AllowedRange(Frozen):
    """Addresses from which one may connect."""

    cidr_block: str
    description: str


def allowed(ranges: Iterable[Cidr] | None) -> tuple[AllowedRange, ...]:
    """The ranges of a request."""
    return tuple(AllowedRange(**item.model_dump()) for item in ranges or ())


def allow_list_body(ranges: Iterable[AllowedRange]) -> list[dict[str, Any]] | None:
    """A list as it is read: an empty one is null."""
    return [{"cidrBlock": item.cidr_block, "description": item.description} for item in ranges] or None
