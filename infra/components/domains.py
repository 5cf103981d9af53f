"""The names of our own that lead to an environment."""

from __future__ import annotations

import pulumi

from infra import hosts
from infra.components.web import Web
from infra.config import Stack
from render_provider import resources as render


class Domains(pulumi.ComponentResource):
    """One resource for an apex and its www name, which Render makes, redirects and removes together.

    It is known by the apex whichever of the two serves and whatever it leads to: a change of either replaces it, the
    old one first, since Render knows a name once. They come after the release that answers for them: a name that led
    to a site of pages has them the moment that it leads to the web service.
    """

    def __init__(self, name: str, stack: Stack, *, web: Web, after: pulumi.Resource) -> None:
        super().__init__(stack.names.component("Domains"), name)

        site = pulumi.create_urn("frontend", stack.names.component("Frontend"))
        for domain, companion in hosts.serving(stack.domains.web).items():
            render.CustomDomain(
                f"{name}-{hosts.apex(domain)}",
                service_id=web.service.id,
                name=domain,
                companion=companion,
                opts=pulumi.ResourceOptions(
                    parent=self,
                    depends_on=[after],
                    # Each name was a resource of its own below its service, which for some was a static site.
                    aliases=[
                        pulumi.Alias(name=f"{kind}-{known}", parent=parent)
                        for known in filter(None, (domain, hosts.companion(domain)))
                        for kind, parent in (("web", web), ("frontend", site))
                    ],
                ),
            )

        self.register_outputs({})
