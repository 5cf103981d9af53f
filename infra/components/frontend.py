"""The application's front end."""

from __future__ import annotations

import pulumi

from infra import addresses
from infra.config import Stack
from render_provider import resources as render


class Frontend(pulumi.ComponentResource):
    """A static site built from the tracked branch; its own address also answers for the API."""

    site: render.StaticSite
    url: pulumi.Output[str]

    def __init__(
        self, name: str, stack: Stack, *, environment_id: pulumi.Input[str], web_url: pulumi.Output[str]
    ) -> None:
        super().__init__(stack.names.component("Frontend"), name)
        pages = stack.application.frontend

        self.site = render.StaticSite(
            name,
            name=stack.names.frontend,
            environment_id=environment_id,
            repo=stack.github.url,
            branch=stack.branch,
            root_dir=pages.root,
            build_command=pages.build,
            publish_path=pages.published,
            auto_deploy_trigger=stack.auto_deploy,
            routes=[
                {
                    "type": "rewrite",
                    "source": stack.application.api,
                    "destination": web_url.apply(lambda url: addresses.api(stack, url)),
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
