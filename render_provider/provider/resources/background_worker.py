"""A service that works on queues. https://api-docs.render.com/reference/create-service"""

from __future__ import annotations

from render_provider.provider.running import ScaledInputs, ScaledService


class BackgroundWorkerInputs(ScaledInputs):
    """A service that works on queues."""


class BackgroundWorker(ScaledService[BackgroundWorkerInputs]):
    """A service that works on queues.

    Its first deploy starts at once and is not waited for: a `Deploy` does that. Changing it starts none.
    """

    type_ = "render:index:BackgroundWorker"
    service_type = "background_worker"
    import_id = "srv-…"
    inputs = BackgroundWorkerInputs
