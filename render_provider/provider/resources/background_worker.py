"""A service that works on queues. https://api-docs.render.com/reference/create-service"""

from __future__ import annotations

from render_provider.provider.running import ScaledInputs, ScaledService


class BackgroundWorkerInputs(ScaledInputs):
    """Like a web service, with no address."""


class BackgroundWorker(ScaledService[BackgroundWorkerInputs]):
    """Its first deploy starts at once and is not waited for: a `Deploy` does that."""

    type_ = "render:index:BackgroundWorker"
    service_type = "background_worker"
    inputs = BackgroundWorkerInputs
