"""How the rules of a static site change."""

from __future__ import annotations

from localcloud.render.api import ids
from localcloud.render.deploys.model import live_deploy
from localcloud.render.local_render import LocalRender
from localcloud.render.services.model import Service
from localcloud.render.static_rules.model import StaticHeader, StaticRoute


async def replace_headers(render: LocalRender, site: Service, headers: tuple[StaticHeader, ...]) -> None:
    """Send these headers and no others."""
    render.store.change(site, headers=headers, updated_at=ids.now())
    await _serve(render, site.id)


async def replace_routes(render: LocalRender, site: Service, routes: tuple[StaticRoute, ...]) -> None:
    """Follow these routes and no others."""
    render.store.change(site, routes=routes, updated_at=ids.now())
    await _serve(render, site.id)


async def _serve(render: LocalRender, site_id: str) -> None:
    if render.deployer.busy(site_id):
        return  # a deploy that runs takes the new rules along
    async with render.tasks.lock(site_id):
        site, live = render.store.get(Service, site_id), live_deploy(render.store, site_id)
        if site is not None and live is not None and not site.suspended:
            await render.deployer.steps.go_live(site, live)
