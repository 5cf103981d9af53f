"""An environment's PostgreSQL."""

from __future__ import annotations

import pulumi

from infra.running import Running
from render_provider import resources as render


class Database(pulumi.ComponentResource):
    """One server with one database, closed to the outside unless ranges are allowed."""

    url: pulumi.Output[str]
    server: render.Postgres

    def __init__(self, name: str, stack: Running, *, environment_id: pulumi.Input[str]) -> None:
        super().__init__(stack.names.component("Database"), name)
        settings, names = stack.database, stack.names

        self.server = render.Postgres(
            name,
            name=names.database,
            environment_id=environment_id,
            region=stack.region,
            plan=settings.plan,
            version=settings.version,
            database_name=names.database_user,
            database_user=names.database_user,
            disk_size_gb=settings.disk_gb,
            enable_disk_autoscaling=settings.enable_disk_autoscaling,
            enable_high_availability=settings.high_availability,
            ip_allow_list=[
                {"cidr_block": allowed.cidr, "description": allowed.description} for allowed in settings.ip_allow_list
            ],
            read_replicas=[{"name": names.replica(number + 1)} for number in range(settings.read_replicas)],
            opts=pulumi.ResourceOptions(parent=self, protect=stack.keeps_data, retain_on_delete=stack.keeps_data),
        )

        self.url = pulumi.Output.secret(self.server.internal_connection_string)
        self.register_outputs({"url": self.url})
