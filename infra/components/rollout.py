"""How a change reaches a running service: linked to the configuration, then deployed and waited for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pulumi

from infra.source import Source
from render_provider import resources as render
from render_provider.args import Gate


@dataclass(frozen=True)
class Shared:
    """What all services of an environment have in common: the Render environment, the env group, what they run."""

    environment_id: pulumi.Input[str]
    group: render.EnvGroup
    source: Source


Service: TypeAlias = render.WebService | render.BackgroundWorker | render.CronJob


def roll_out(
    name: str,
    service: Service,
    shared: Shared,
    *,
    parent: pulumi.Resource,
    gate: Gate,
    verify_url: pulumi.Input[str] | None = None,
    after: Sequence[pulumi.Resource] = (),
) -> render.Deploy:
    """Deploy whenever the service, the configuration or the image changes, never otherwise.

    Also when the link had to be made anew: whatever was started without it lacks the configuration.
    """
    group, source = shared.group, shared.source
    link = render.EnvGroupLink(
        name, env_group_id=group.id, service_id=service.id, opts=pulumi.ResourceOptions(parent=parent)
    )
    return render.Deploy(
        name,
        service_id=service.id,
        triggers={"service": service.revision, "configuration": group.revision, **source.triggers},
        verify_url=verify_url,
        verify_text=source.version if verify_url else None,
        gate=gate,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[link, *after], replace_with=[link]),
        **source.deploy,
    )
