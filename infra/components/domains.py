"""The names of our own that lead to an environment."""

from __future__ import annotations

import pulumi

from infra import hosts
from infra.components.frontend import Frontend
from infra.components.web import Web
from infra.config import Stack
from render_provider import resources as render


class Domains(pulumi.ComponentResource):
    """One resource for an apex and its www name, which Render makes, redirects and removes together.

    It is known by the apex whichever of the two serves and whatever it leads to: a change of either replaces it, the
    old one first, since Render knows a name once.
    """

    def __init__(self, name: str, stack: Stack, *, web: Web, frontend: Frontend) -> None:
        super().__init__(stack.names.component("Domains"), name)
        services = (
            (web.service.id, stack.domains.web),
            (frontend.site.id, stack.domains.frontend),
        )

        for service_id, names in services:
            for domain, companion in hosts.serving(names).items():
                render.CustomDomain(
                    f"{name}-{hosts.apex(domain)}",
                    service_id=service_id,
                    name=domain,
                    companion=companion,
                    opts=pulumi.ResourceOptions(
                        parent=self,
                        # Each name was a resource of its own below its service.
                        aliases=[
                            pulumi.Alias(name=f"{kind}-{known}", parent=parent)
                            for known in filter(None, (domain, hosts.companion(domain)))
                            for kind, parent in (("web", web), ("frontend", frontend))
                        ],
                    ),
                )

        self.register_outputs({})
