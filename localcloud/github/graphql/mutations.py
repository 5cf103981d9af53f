"""What `gh pr` changes: each mutation is a call of the REST API."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from graphql import GraphQLError

from localcloud.github.graphql.rest import Rest
from localcloud.github.graphql.shapes import Node, comment, pull
from localcloud.github.repositories.model import Repository

EVENTS = {"COMMENT", "APPROVE", "REQUEST_CHANGES"}
Field = Callable[..., Node]


def fields(rest: Rest) -> dict[str, Field]:
    """Every mutation, by its name."""

    def create(_: Any, input: dict[str, Any]) -> Node:
        base = _repository(rest, _number(input["repositoryId"]))
        names = {"headRefName": "head", "baseRefName": "base", "maintainerCanModify": "maintainer_can_modify"}
        body = {names.get(name, name): value for name, value in input.items() if name != "repositoryId"}
        return payload(rest.ask("POST", f"/repos/{base.full_name}/pulls", body))

    def update(_: Any, input: dict[str, Any]) -> Node:
        names = {"title": "title", "body": "body", "baseRefName": "base"}
        body = {names[name]: value for name, value in input.items() if name in names}
        return payload(rest.ask("PATCH", _path(rest, input["pullRequestId"]), body))

    def set_state(state: str) -> Field:
        def change(_: Any, input: dict[str, Any]) -> Node:
            return payload(rest.ask("PATCH", _path(rest, input["pullRequestId"]), {"state": state}))

        return change

    def merge(_: Any, input: dict[str, Any]) -> Node:
        path = _path(rest, input["pullRequestId"])
        names = {"commitHeadline": "commit_title", "commitBody": "commit_message", "expectedHeadOid": "sha"}
        body = {names[name]: value for name, value in input.items() if name in names}
        rest.ask("PUT", f"{path}/merge", {**body, "merge_method": input.get("mergeMethod", "MERGE").lower()})
        return payload(rest.ask("GET", path))

    def review(_: Any, input: dict[str, Any]) -> Node:
        path, event = _path(rest, input["pullRequestId"]), input.get("event", "COMMENT")
        if event not in EVENTS:
            raise GraphQLError(f"{event} is not built on the GitHub of this machine")
        rest.ask("POST", f"{path}/reviews", {"event": event, "body": input.get("body") or ""})
        return payload(rest.ask("GET", path))

    def add_comment(_: Any, input: dict[str, Any]) -> Node:
        path = _path(rest, input["subjectId"]).replace("/pulls/", "/issues/")
        made = rest.ask("POST", f"{path}/comments", {"body": input["body"]})
        return {"commentEdge": {"node": comment(rest, made)}}

    def payload(body: Node) -> Node:
        return {"pullRequest": pull(rest, body)}

    return {
        "createPullRequest": create,
        "updatePullRequest": update,
        "closePullRequest": set_state("closed"),
        "reopenPullRequest": set_state("open"),
        "mergePullRequest": merge,
        "addPullRequestReview": review,
        "addComment": add_comment,
    }


def _path(rest: Rest, node: str) -> str:
    """Where the REST API has what GraphQL knows by an id (`unique` in issues/bodies.py)."""
    place, number = divmod(_number(node), 100_000)
    return f"/repos/{_repository(rest, place).full_name}/pulls/{number}"


def node(rest: Rest, key: str) -> Node:
    """A pull request by its id: nothing else is asked for so."""
    return pull(rest, rest.ask("GET", _path(rest, key)))


def _repository(rest: Rest, number: int) -> Repository:
    for found in rest.call.github.store.all(Repository, lambda one: one.number == number):
        return found
    raise GraphQLError("Could not resolve to a node with the global id.")


def _number(node: str) -> int:
    try:
        return int.from_bytes(base64.urlsafe_b64decode(node.partition("_")[2]), "big")
    except ValueError as error:
        raise GraphQLError(f"Could not resolve to a node with the global id of '{node}'.") from error
