"""Images for Pulumi programs: `from registry_provider.resources import Image`."""

from __future__ import annotations

import pulumi
from pulumi import Input, Output

# What this resource was before: the engine takes the state of the one for that of the other.
BEFORE = pulumi.Alias(type_="docker:index/image:Image")


class Image(pulumi.CustomResource):
    """The image of that tag: what the registry has under it; only where it has none is one built and pushed."""

    digest: Output[str]

    def __init__(
        self,
        name: str,
        *,
        repository: Input[str],
        registry_id: Input[str],
        region: Input[str],
        tag: Input[str],
        context: Input[str],
        dockerfile: Input[str],
        platform: Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        properties = {
            "repository": repository,
            "registryId": registry_id,
            "region": region,
            "tag": tag,
            "context": context,
            "dockerfile": dockerfile,
            "platform": platform,
            "digest": None,
        }
        known_before = pulumi.ResourceOptions(aliases=[BEFORE])
        super().__init__("registry:index:Image", name, properties, pulumi.ResourceOptions.merge(opts, known_before))
