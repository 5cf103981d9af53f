"""Projects: named sets of environments. https://api-docs.render.com/reference/create-project"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api import ids
from localcloud.render.api.http import empty, parse
from localcloud.render.api.pages import page, wanted
from localcloud.render.environments.life import of_project
from localcloud.render.local_render import LocalRender, record_of, render_of
from localcloud.render.projects import life
from localcloud.render.projects.bodies import ProjectChange, ProjectCreate, project_body
from localcloud.render.projects.model import Project


async def create(request: Request) -> Response:
    """POST /projects"""
    render, want = render_of(request), await parse(request, ProjectCreate)
    render.check_owner(want.owner_id)
    return JSONResponse(_body(render, life.create(render, want)), 201)


async def listing(request: Request) -> Response:
    """GET /projects"""
    render = render_of(request)
    match = wanted(request, Project, name=lambda project: project.name, ownerId=lambda _: render.owner.id)
    return page(request, render.store.numbered(Project, match), "project", lambda project: _body(render, project))


async def get(request: Request) -> Response:
    """GET /projects/{id}"""
    return JSONResponse(_body(render_of(request), record_of(request, Project)))


async def change(request: Request) -> Response:
    """PATCH /projects/{id}: the name."""
    render, want, project = render_of(request), await parse(request, ProjectChange), record_of(request, Project)
    changed = render.store.change(project, name=want.name or project.name, updated_at=ids.now())
    return JSONResponse(_body(render, changed))


async def delete(request: Request) -> Response:
    """DELETE /projects/{id}"""
    await life.remove(render_of(request), record_of(request, Project))
    return empty(204)


def _body(render: LocalRender, project: Project) -> dict[str, Any]:
    return project_body(project, render.owner, of_project(render, project.id))


routes = [
    Route("/v1/projects", create, methods=["POST"]),
    Route("/v1/projects", listing, methods=["GET"]),
    Route("/v1/projects/{id}", get, methods=["GET"]),
    Route("/v1/projects/{id}", change, methods=["PATCH"]),
    Route("/v1/projects/{id}", delete, methods=["DELETE"]),
]
