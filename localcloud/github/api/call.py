"""One call of the API: what is asked, by whom, of which repository."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.wrappers import Request

from localcloud.github.access.caller import Caller, Role
from localcloud.github.api.errors import ApiError, NotFoundError
from localcloud.github.repositories.model import Repository
from localcloud.github.store import GitHub

Level = Literal["read", "write", "admin"]
B = TypeVar("B", bound="Body")


class Body(BaseModel):
    """A request's body. As GitHub does, it lets pass what it does not know."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    def sent(self) -> dict[str, Any]:
        """Only what the client really said."""
        return {name: getattr(self, name) for name in self.model_fields_set}


@dataclass(frozen=True)
class Reply:
    """What is answered: a value as JSON, or text in another type."""

    value: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Route:
    """One endpoint, as GitHub's reference has it."""

    method: str
    path: str
    """With `{name}` for a part, `{name:path}` for one that may have slashes."""
    handler: Callable[[Call], Reply]
    needs: str = ""
    """The permission of a token, such as `pull_requests`; nothing: everybody who is somebody may."""
    level: Level = "read"
    docs: str = ""
    """Where the reference has it, below https://docs.github.com/rest."""
    anonymous: bool = False
    role: Role | None = None
    """What a person has to be, where that is less than what a token must be allowed."""


@dataclass(frozen=True)
class Call:
    """What a handler is given."""

    request: Request
    github: GitHub
    who: Caller
    route: Route
    parts: dict[str, str]

    @property
    def repository(self) -> Repository:
        """The one in the path, or 404; names are the same in capitals."""
        found = self.github.store.get(Repository, f"{self.parts['owner']}/{self.parts['repo']}".lower())
        if found is None:
            raise NotFoundError
        return found

    def number(self, name: str) -> int:
        """A part of the path that is a number, or 404."""
        text = self.parts[name]
        if not text.isdecimal() or len(text) > 18:
            raise NotFoundError
        return int(text)

    def body(self, shape: type[B]) -> B:
        """The request's document in that shape, with GitHub's words for what it is not."""
        raw = self.request.get_data()
        try:
            value = json.loads(raw) if raw.strip() else {}
        except ValueError as error:
            raise ApiError(400, "Problems parsing JSON") from error
        if not isinstance(value, dict):
            raise ApiError(400, "Body should be a JSON object")
        try:
            return shape.model_validate(value)
        except ValidationError as error:
            raise ApiError(422, _reason(error)) from error

    def query(self, name: str, default: str = "") -> str:
        """A value of the query."""
        return str(self.request.args.get(name, default))


def _reason(error: ValidationError) -> str:
    said = []
    for item in error.errors():
        path = "/".join(str(part) for part in item["loc"])
        if item["type"] == "missing":
            said.append(f'"{path}" wasn\'t supplied.')
        else:
            said.append(f"For 'properties/{path}', {str(item['msg']).removeprefix('Value error, ')}.")
    return "Invalid request.\n\n" + "\n".join(said)
