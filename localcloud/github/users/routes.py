"""Users. https://docs.github.com/en/rest/users/users"""

from __future__ import annotations

from localcloud.github.api.call import Call, Reply, Route
from localcloud.github.api.errors import ApiError, NotFoundError
from localcloud.github.users.bodies import whole_user_body
from localcloud.github.users.model import User, known


def me(call: Call) -> Reply:
    """GET /user"""
    if call.who.is_job:
        raise ApiError(403, "Resource not accessible by integration")
    return Reply(whole_user_body(known(call.github, call.who.login)))


def get(call: Call) -> Reply:
    """GET /users/{username}"""
    user = call.github.store.get(User, call.parts["username"].lower())
    if user is None:
        raise NotFoundError
    return Reply(whole_user_body(user))


routes = [
    Route("GET", "/user", me, docs="users/users#get-the-authenticated-user"),
    Route("GET", "/users/{username}", get, docs="users/users#get-a-user"),
]
