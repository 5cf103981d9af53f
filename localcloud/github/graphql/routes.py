"""GraphQL, as far as `gh pr` needs it. https://docs.github.com/en/graphql"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema, build_schema, graphql_sync
from pydantic import Field

from localcloud.github.api.call import Body, Call, Reply, Route
from localcloud.github.graphql import mutations, shapes
from localcloud.github.graphql.rest import Rest


class Query(Body):
    """POST of one."""

    query: str
    variables: dict[str, Any] | None = Field(default_factory=dict)
    operationName: str | None = None  # noqa: N815 - GraphQL's own name


@cache
def schema() -> GraphQLSchema:
    """The part of GitHub's that is built; a field outside it is an error that names it."""
    return build_schema(Path(__file__).with_name("schema.graphql").read_text())


def ask(call: Call) -> Reply:
    """POST /graphql"""
    want, rest = call.body(Query), Rest(call)
    roots = {
        "viewer": lambda _: shapes.actor(rest.ask("GET", "/user")),
        "node": lambda _, **key: mutations.node(rest, key["id"]),
        "repository": lambda _, owner, name, **more: shapes.repository(
            rest, rest.ask("GET", f"/repos/{owner}/{name}")
        ),
        **mutations.fields(rest),
    }
    done = graphql_sync(
        schema(), want.query, root_value=roots, variable_values=want.variables, operation_name=want.operationName
    )
    errors = {"errors": [{"type": "INVALID", **error.formatted} for error in done.errors]} if done.errors else {}
    return Reply({"data": done.data, **errors})


routes = [
    Route("POST", "/graphql", ask, docs="graphql"),
    Route("POST", "/api/graphql", ask, docs="graphql"),
]
