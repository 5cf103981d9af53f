"""Who may use an image repository."""

from __future__ import annotations

from collections.abc import Set
from typing import ClassVar

from localcloud.plugins.aws import tags
from localcloud.plugins.aws.errors import absent_is_fine, or_none
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.fields import Fields, policy, string
from localcloud.plugins.resource import Resource
from pulumi_plugin.values import Values


class RepositoryPolicy(Resource[Aws]):
    """Who may pull and push; its id is the repository's name."""

    type_ = "aws:ecr/repositoryPolicy:RepositoryPolicy"
    fields: ClassVar[Fields] = {
        "repository": string(required=True, replace=True),
        "policy": policy(required=True),
        **tags.REGION,
    }
    outputs = ("registryId",)

    def create(self, cloud: Aws, inputs: Values) -> tuple[str, Values]:
        """A repository has one: it is set."""
        self.update(cloud, inputs["repository"], inputs, {"policy"})
        return inputs["repository"], {}

    def read(self, cloud: Aws, resource_id: str, inputs: Values) -> Values | None:
        """As it is."""
        answer = or_none(cloud.client("ecr").get_repository_policy, repositoryName=resource_id)
        if answer is None:
            return None
        return {"repository": resource_id, "policy": answer["policyText"], "registryId": answer["registryId"]}

    def update(self, cloud: Aws, resource_id: str, inputs: Values, changed: Set[str]) -> None:
        """Set it."""
        cloud.client("ecr").set_repository_policy(repositoryName=resource_id, policyText=inputs["policy"])

    def delete(self, cloud: Aws, resource_id: str, state: Values) -> None:
        """Leave the repository to its account."""
        with absent_is_fine():
            cloud.client("ecr").delete_repository_policy(repositoryName=resource_id)
