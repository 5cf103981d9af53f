"""What fields of several resources may hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from localcloud.render.api.errors import ApiError

T = TypeVar("T")
Region = Literal["frankfurt", "ohio", "oregon", "singapore", "virginia"]
Name = Annotated[str, Field(min_length=1)]


class Body(BaseModel):
    """A request's body: camelCase names, and nothing that the API does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=False)

    def sent(self) -> dict[str, Any]:
        """Only what the client really said, under Render's names."""
        return self.model_dump(by_alias=True, exclude_unset=True)


def _none_is_empty(value: Any) -> Any:
    return [] if value is None else value


Many = Annotated[list[T], BeforeValidator(_none_is_empty)]
"""A list for which `null` means empty: clients in use send both."""


class Cidr(Body):
    """One range of an IP allow list."""

    cidr_block: str
    description: str


def check_unique(names: Sequence[str], field: str) -> None:
    """Refuse a name that is given twice."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ApiError(400, f"{field}: {', '.join(twice)} given more than once")
