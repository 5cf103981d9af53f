"""The application's front end."""

from __future__ import annotations

import pulumi

from infra import app, names
from infra.config import Stack
from render_provider import resources as render


class Frontend(pulumi.ComponentResource):
    """A static site built from the tracked branch; its own address also answers for the API."""

    site: render.StaticSite
    url: pulumi.Output[str]

    def __init__(
        self, name: str, stack: Stack, *, environment_id: pulumi.Input[str], web_url: pulumi.Output[str]
    ) -> None:
        super().__init__("cams:index:Frontend", name)

        self.site = render.StaticSite(
            name,
            name=names.frontend(stack.environment),
            environment_id=environment_id,
            repo=stack.github.url,
            branch=stack.branch,
            root_dir=app.FRONTEND_ROOT,
            build_command=app.FRONTEND_BUILD,
            publish_path=app.FRONTEND_PUBLISHED,
            auto_deploy_trigger=stack.auto_deploy,
            routes=[
                {
                    "type": "rewrite",
                    "source": "/api/*",
                    "destination": web_url.apply(app.api_rewrite),
                }
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )
        render.Deploy(
            name,
            service_id=self.site.id,
            triggers={"service": self.site.revision},
            opts=pulumi.ResourceOptions(parent=self),
        )

        self.url = self.site.url
        self.register_outputs({"url": self.url})
