"""The values that are made up for an environment."""

from __future__ import annotations

import pulumi
import pulumi_random as random

from infra.running import Running


def generated(name: str, stack: Running, *, parent: pulumi.Resource | None = None) -> dict[str, pulumi.Output[str]]:
    """Each secret that the application is told, by the variable that it is told it in."""
    return {
        variable: random.RandomPassword(
            f"{name}-{variable.lower().replace('_', '-')}",
            length=length,
            special=False,
            opts=pulumi.ResourceOptions(parent=parent),
        ).result
        for variable, length in stack.application.generated.items()
    }
