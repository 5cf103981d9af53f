"""GraphQL is answered from the REST API's own endpoints, so both follow the same rules."""

from __future__ import annotations

import dataclasses
from typing import Any

from graphql import GraphQLError
from werkzeug.test import EnvironBuilder

from localcloud.github.api import table
from localcloud.github.api.call import Call
from localcloud.github.api.errors import ApiError
from localcloud.github.store import api_url


class Rest:
    """The endpoints, as the caller of a query may use them."""

    def __init__(self, call: Call) -> None:
        self.call = call

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """What the endpoint answers; its refusal is a GraphQL error of the same words."""
        request = EnvironBuilder(path=path, method=method, base_url=api_url(), json=body or {}).get_request()
        route, parts = table.match(method, request.path)
        inner = dataclasses.replace(self.call, request=request, route=route, parts=parts)
        try:
            table.check(inner)
            return route.handler(inner).value
        except ApiError as error:
            details = "; ".join(_told(one) for one in error.errors or [])
            raise GraphQLError(details or error.message) from error

    def all(self, path: str) -> list[Any]:
        """All that a list has, up to its first hundred."""
        found: list[Any] = self.ask("GET", f"{path}{'&' if '?' in path else '?'}per_page=100")
        return found


def _told(problem: Any) -> str:
    if isinstance(problem, dict):
        return str(problem.get("message") or f"{problem.get('field')} is {problem.get('code')}")
    return str(problem)
