"""What Git's hook and the commands of this machine ask for; GitHub has nothing like it."""

from __future__ import annotations

from localcloud.github.access import tokens
from localcloud.github.api.call import Body, Call, Reply, Route
from localcloud.github.pushes.life import sync


class PersonPost(Body):
    """POST of a token for somebody of this machine."""

    login: str


def look(call: Call) -> Reply:
    """POST /_local/refs: somebody has pushed."""
    sync(call.github)
    return Reply(None, 204)


def token(call: Call) -> Reply:
    """POST /_local/tokens: another person's token, for who has the administrator's."""
    return Reply({"token": tokens.of_person(call.github, call.body(PersonPost).login)}, 201)


routes = [
    Route("POST", "/_local/refs", look, anonymous=True),
    Route("POST", "/_local/tokens", token, "administration", "admin"),
]
