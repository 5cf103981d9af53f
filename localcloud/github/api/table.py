"""The route table: every endpoint of every noun, found by itself, and who may use which."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import re
from functools import cache

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule

from localcloud import github as package
from localcloud.github.access.caller import Caller, Role
from localcloud.github.api import limits, meta
from localcloud.github.api.call import Call, Route
from localcloud.github.api.errors import ApiError, NotFoundError

ROLES: dict[str, Role] = {"read": "read", "write": "write", "admin": "admin"}


@cache
def routes() -> tuple[Route, ...]:
    """The `routes` of `routes.py` in each folder that has one, and those of the API itself."""
    folders = [module.name for module in pkgutil.iter_modules(package.__path__) if module.ispkg]
    modules = [f"{package.__name__}.{folder}.routes" for folder in sorted(folders)]
    found = [
        route
        for module in modules
        if importlib.util.find_spec(module)
        for route in importlib.import_module(module).routes
    ]
    return (*meta.routes, *limits.routes, *found)


@cache
def _rules() -> Map:
    return Map([Rule(_pattern(route.path), methods=[route.method], endpoint=route) for route in routes()])


def match(method: str, path: str) -> tuple[Route, dict[str, str]]:
    """The route of a call and the named parts of its path, or 404."""
    adapter = _rules().bind("", url_scheme="http")
    try:
        route, parts = adapter.match(path, method=method)
    except (NotFound, MethodNotAllowed) as error:
        raise NotFoundError from error
    return route, {name: str(value) for name, value in parts.items()}


def check(call: Call) -> None:
    """Refuse who may not: a job by its token's permissions, a person by the role, in GitHub's words."""
    route, who = call.route, call.who
    if route.anonymous:
        return
    if not who.known:
        raise ApiError(401, "Requires authentication")
    if who.is_job:
        _check_job(call)
    elif route.needs and not who.has_role(route.role or ROLES[route.level]):
        _check_person(call, who)


def _check_job(call: Call) -> None:
    route, who = call.route, call.who
    if "repo" in call.parts and call.repository.id != who.repository:
        raise NotFoundError
    level = "read" if route.level == "read" else "write"
    if route.needs and not any(who.has_permission(name, level) for name in route.needs.split("|")):
        raise ApiError(403, "Resource not accessible by integration")


def _check_person(call: Call, who: Caller) -> None:
    """Who has a fork is its administrator; what may be read is no secret, but who may change it is."""
    if "repo" in call.parts and call.repository.parent and call.repository.owner.lower() == who.login.lower():
        return
    if call.route.level == "admin" and who.has_role("write"):
        raise ApiError(403, "Must have admin rights to Repository.")
    raise NotFoundError


def _pattern(path: str) -> str:
    return re.sub(r"\{(\w+)(?::(\w+))?\}", lambda found: f"<{f'{found[2]}:' if found[2] else ''}{found[1]}>", path)
