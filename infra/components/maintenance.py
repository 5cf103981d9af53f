"""The page that Render shows in place of the web service while it is in maintenance."""

from __future__ import annotations

import pulumi

from infra.config import Stack
from infra.content import checkout, content_hash
from render_provider import resources as render


class Maintenance(pulumi.ComponentResource):
    """A static site: it is there when the application cannot boot and its database is gone.

    Render builds it of the branch, and never by itself: a merge shows nothing that was not let through
    (docs/adr/0073). Another page is another content, and so another deploy.
    """

    url: pulumi.Output[str]

    def __init__(self, name: str, stack: Stack, *, environment_id: pulumi.Input[str]) -> None:
        super().__init__(stack.names.component("Maintenance"), name)

        folder = stack.application.maintenance
        site = render.StaticSite(
            name,
            name=stack.names.maintenance_site,
            environment_id=environment_id,
            repo=stack.github.url,
            branch=stack.branch,
            root_dir=folder,
            auto_deploy_trigger="off",
            build_command=stack.application.maintenance_build,
            publish_path="public",
            env_vars=stack.maintenance.variables,
            opts=pulumi.ResourceOptions(parent=self),
        )
        render.Deploy(
            name,
            service_id=site.id,
            triggers={"service": site.revision, "page": content_hash(checkout() / folder)[:12]},
            opts=pulumi.ResourceOptions(parent=self),
        )

        self.url = site.url
        self.register_outputs({"url": self.url})
