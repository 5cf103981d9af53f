"""What an image repository keeps."""

from __future__ import annotations

from collections.abc import Set
from typing import ClassVar

from localcloud.plugins.aws import tags
from localcloud.plugins.aws.errors import absent_is_fine, or_none
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.fields import Fields, json_text, string
from localcloud.plugins.resource import Resource
from pulumi_plugin.values import Values


class LifecyclePolicy(Resource[Aws]):
    """Which images are removed; its id is the repository's name."""

    type_ = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
    fields: ClassVar[Fields] = {
        "repository": string(required=True, replace=True),
        "policy": json_text(required=True),
        **tags.REGION,
    }
    outputs = ("registryId",)

    def create(self, cloud: Aws, inputs: Values) -> tuple[str, Values]:
        """A repository has one: it is set."""
        self.update(cloud, inputs["repository"], inputs, {"policy"})
        return inputs["repository"], {}

    def read(self, cloud: Aws, resource_id: str, inputs: Values) -> Values | None:
        """As it is."""
        policy = or_none(cloud.client("ecr").get_lifecycle_policy, repositoryName=resource_id)
        if policy is None:
            return None
        return {
            "repository": resource_id,
            "policy": policy["lifecyclePolicyText"],
            "registryId": policy["registryId"],
        }

    def update(self, cloud: Aws, resource_id: str, inputs: Values, changed: Set[str]) -> None:
        """Set it."""
        cloud.client("ecr").put_lifecycle_policy(repositoryName=resource_id, lifecyclePolicyText=inputs["policy"])

    def delete(self, cloud: Aws, resource_id: str, state: Values) -> None:
        """Keep all images from now on."""
        with absent_is_fine():
            cloud.client("ecr").delete_lifecycle_policy(repositoryName=resource_id)
