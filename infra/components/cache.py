"""An environment's key-value store: cache, locks and the workers' queue."""

from __future__ import annotations

import pulumi

from infra.running import Running
from render_provider import resources as render


class Cache(pulumi.ComponentResource):
    """One store, reached from the private network alone."""

    url: pulumi.Output[str]

    def __init__(self, name: str, stack: Running, *, environment_id: pulumi.Input[str]) -> None:
        super().__init__(stack.names.component("Cache"), name)
        holds_data = stack.keeps_data and stack.cache.plan != "free"  # which keeps nothing over a restart

        store = render.KeyValue(
            name,
            name=stack.names.cache,
            environment_id=environment_id,
            region=stack.region,
            plan=stack.cache.plan,
            maxmemory_policy=stack.cache.eviction,
            ip_allow_list=[],
            opts=pulumi.ResourceOptions(parent=self, protect=holds_data, retain_on_delete=holds_data),
        )

        self.url = pulumi.Output.secret(store.internal_connection_string)
        self.register_outputs({"url": self.url})
