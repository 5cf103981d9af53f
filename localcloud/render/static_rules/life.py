"""How the rules of a static site change."""

from __future__ import annotations

from localcloud.render.api import ids
from localcloud.render.deploys.model import live_deploy
from localcloud.render.local_render import LocalRender
from localcloud.render.services.model import Service
from localcloud.render.static_rules.model import StaticHeader, StaticRoute


async def replace_headers(render: LocalRender, service: Service, headers: tuple[StaticHeader, ...]) -> None:
    """Send these headers and no others."""
    await _serve(render, render.store.change(service, headers=headers, updated_at=ids.now()))


async def replace_routes(render: LocalRender, service: Service, routes: tuple[StaticRoute, ...]) -> None:
    """Follow these routes and no others."""
    await _serve(render, render.store.change(service, routes=routes, updated_at=ids.now()))


async def _serve(render: LocalRender, service: Service) -> None:
    live = live_deploy(render.store, service.id)
    if live is not None and not service.suspended and not render.deployer.busy(service.id):
        async with render.tasks.lock(service.id):  # a deploy that runs takes the new rules along
            await render.deployer.steps.go_live(service, live)
