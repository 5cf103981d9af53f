"""What `pulumi destroy` meets first."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_aws import ssm

from infra.config import Stack


class Guard(pulumi.ComponentResource):
    """One protected parameter that depends on everything else, so that a destroy stops before it has begun.

    Pulumi deletes dependents first and stops at the first protected resource: protecting the data alone would
    take every service down before the database refuses (docs/adr/0008). Depending on a component means depending on
    what is in it; the one in which there is nothing, the basis, stays because it is the guard's parent.
    """

    def __init__(self, name: str, stack: Stack, *, basis: pulumi.Resource, after: Sequence[pulumi.Resource]) -> None:
        before = pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)
        super().__init__(
            stack.names.component("Guard"), name, opts=pulumi.ResourceOptions(parent=basis, aliases=[before])
        )

        ssm.Parameter(
            name,
            name=stack.names.guard,
            type="String",
            value=f"{stack.names.stem} is not to be destroyed",
            tags=stack.names.tags,
            opts=pulumi.ResourceOptions(parent=self, protect=True, depends_on=after),
        )

        self.register_outputs({})
