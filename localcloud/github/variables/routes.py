"""Variables and secrets of Actions. https://docs.github.com/en/rest/actions/variables"""

from __future__ import annotations

import re
from typing import Any

from localcloud.github.api.call import Body, Call, Reply, Route
from localcloud.github.api.errors import ApiError, NotFoundError
from localcloud.github.api.pages import page
from localcloud.github.environments.routes import ONE as ENVIRONMENT
from localcloud.github.environments.routes import of_call as environment_of_call
from localcloud.github.repositories.routes import REPO
from localcloud.github.store import now
from localcloud.github.variables.model import Kind, Setting, setting_id

NAME = re.compile(r"(?!GITHUB_)[A-Z_][A-Z0-9_]*")


class VariablePost(Body):
    """POST of one."""

    name: str
    value: str


class VariablePatch(Body):
    """PATCH of one."""

    value: str


def variables(call: Call) -> Reply:
    """GET …/variables"""
    return page(call, _all(call, "variable"), _variable, "variables")


def create(call: Call) -> Reply:
    """POST …/variables"""
    want = call.body(VariablePost)
    if call.github.store.get(Setting, setting_id("variable", _place(call), want.name)):
        raise ApiError(409, "Already exists - Variable already exists")
    _put(call, "variable", want.name, want.value)
    return Reply({}, 201)


def get(call: Call) -> Reply:
    """GET …/variables/{name}"""
    return Reply(_variable(_found(call, "variable")))


def patch(call: Call) -> Reply:
    """PATCH …/variables/{name}"""
    want, found = call.body(VariablePatch), _found(call, "variable")
    _put(call, "variable", found.name, want.value)
    return Reply(None, 204)


def delete(call: Call) -> Reply:
    """DELETE …/variables/{name}"""
    call.github.store.remove(_found(call, "variable"))
    return Reply(None, 204)


def secrets(call: Call) -> Reply:
    """GET …/secrets: names and times."""
    return page(call, _all(call, "secret"), _secret, "secrets")


def get_secret(call: Call) -> Reply:
    """GET …/secrets/{name}"""
    return Reply(_secret(_found(call, "secret")))


def put_secret(call: Call) -> Reply:
    """PUT …/secrets/{name}: GitHub wants the value sealed with a key of its own, which this one does not have."""
    raise ApiError(501, "sealed secrets are not built on the GitHub of this machine: PUT /_local/secrets/{name}")


def put_plain(call: Call) -> Reply:
    """PUT /_local/secrets/{owner}/{repo}/{name}: a value as it is."""
    _put(call, "secret", call.parts["name"], call.body(VariablePatch).value)
    return Reply(None, 204)


def delete_secret(call: Call) -> Reply:
    """DELETE …/secrets/{name}"""
    call.github.store.remove(_found(call, "secret"))
    return Reply(None, 204)


def _place(call: Call) -> str:
    return environment_of_call(call).id if "environment" in call.parts else call.repository.id


def _all(call: Call, what: Kind) -> list[Setting]:
    place = _place(call)
    found = call.github.store.all(Setting, lambda one: one.what == what and one.place == place)
    return sorted(found, key=lambda one: one.name)


def _found(call: Call, what: Kind) -> Setting:
    found = call.github.store.get(Setting, setting_id(what, _place(call), call.parts["name"]))
    if found is None:
        raise NotFoundError
    return found


def _put(call: Call, what: Kind, name: str, value: str) -> None:
    if not NAME.fullmatch(name.upper()):
        raise ApiError(
            422, f"{what.title()} names have letters, digits and _ and do not begin as GITHUB_, unlike {name}"
        )
    place, moment = _place(call), now()
    before = call.github.store.get(Setting, setting_id(what, place, name))
    call.github.store.put(
        Setting(
            id=setting_id(what, place, name),
            what=what,
            place=place,
            name=name.upper(),
            value=value,
            created_at=before.created_at if before else moment,
            updated_at=moment,
        )
    )


def _secret(setting: Setting) -> dict[str, Any]:
    return {"name": setting.name, "created_at": setting.created_at, "updated_at": setting.updated_at}


def _variable(setting: Setting) -> dict[str, Any]:
    return {**_secret(setting), "value": setting.value}


def _routes(place: str, needs: str, whose: str) -> list[Route]:
    all_, one = f"{place}/variables", f"{place}/variables/{{name}}"
    docs, secret_docs = f"actions/variables#{{}}-{whose}-variable", f"actions/secrets#{{}}-{whose}-secret"
    article = "an" if whose.startswith("e") else "a"
    return [
        Route("GET", all_, variables, f"{needs}variables", "write", docs.format("list") + "s"),
        Route("POST", all_, create, f"{needs}variables", "admin", docs.format(f"create-{article}")),
        Route("GET", one, get, f"{needs}variables", "write", docs.format(f"get-{article}")),
        Route("PATCH", one, patch, f"{needs}variables", "admin", docs.format(f"update-{article}")),
        Route("DELETE", one, delete, f"{needs}variables", "admin", docs.format(f"delete-{article}")),
        Route("GET", f"{place}/secrets", secrets, "secrets", "write", secret_docs.format("list") + "s"),
        Route(
            "GET", f"{place}/secrets/{{name}}", get_secret, "secrets", "write", secret_docs.format(f"get-{article}")
        ),
        Route("PUT", f"{place}/secrets/{{name}}", put_secret, "secrets", "admin", "actions/secrets"),
        Route("DELETE", f"{place}/secrets/{{name}}", delete_secret, "secrets", "admin", "actions/secrets"),
    ]


routes = [
    *_routes(f"{REPO}/actions", "actions_", "repository"),
    *_routes(ENVIRONMENT, "", "environment"),
    Route("PUT", "/_local/secrets/{owner}/{repo}/{name}", put_plain, "secrets", "admin"),
    Route("PUT", "/_local/secrets/{owner}/{repo}/{environment}/{name}", put_plain, "secrets", "admin"),
]
