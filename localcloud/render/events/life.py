"""How the runtime's news becomes events: it hears of crashes in its own threads, the store is the event loop's."""

from __future__ import annotations

import asyncio

from localcloud.render.events.bodies import reason
from localcloud.render.events.model import record
from localcloud.render.local_render import LocalRender
from localcloud.render.runtime.values import Crash, Recovery
from localcloud.render.services.model import Service


def listen(render: LocalRender) -> None:
    """From now on, until the daemon ends."""
    loop = asyncio.get_running_loop()

    def hear(news: Crash | Recovery) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(_keep, render, news)

    render.runtime.instances.listen(hear)


def _keep(render: LocalRender, news: Crash | Recovery) -> None:
    if render.store.get(Service, news.service_id) is None:
        return
    if isinstance(news, Crash):
        details = {"instanceID": news.instance_id, "reason": reason(news)}
        record(render.store, news.service_id, "server_failed", **details)
    else:
        record(render.store, news.service_id, "server_available")
