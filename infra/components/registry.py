"""Where an environment's images are kept."""

from __future__ import annotations

import pulumi
from pulumi_aws import ecr, iam

from infra import permissions, resource_policies
from infra.config import Stack
from render_provider import resources as render


class Registry(pulumi.ComponentResource):
    """An ECR repository whose tags never move, and Render's way in where services run images.

    Nothing in it expires: no rule can see what runs or may be rolled back to, tagged or not (docs/adr/0023).
    """

    url: pulumi.Output[str]
    registry_id: pulumi.Output[str]
    region: str
    credential: render.RegistryCredential | None = None

    def __init__(self, name: str, stack: Stack, *, key_arn: pulumi.Input[str]) -> None:
        super().__init__(stack.names.component("Registry"), name)
        self._name, self._stack = name, stack

        repository = ecr.Repository(
            name,
            name=stack.names.repository,
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration={"scan_on_push": True},
            encryption_configurations=[{"encryption_type": "KMS", "kms_key": key_arn}],
            force_delete=not stack.keeps_data,
            tags=stack.names.tags,
            opts=pulumi.ResourceOptions(parent=self, protect=stack.keeps_data, retain_on_delete=stack.keeps_data),
        )
        if promotion := resource_policies.promotion(stack):
            ecr.RepositoryPolicy(
                f"{name}-promotion",
                repository=repository.name,
                policy=promotion,
                opts=pulumi.ResourceOptions(parent=self),
            )
        if stack.source == "image":
            self.credential = self._pull_credential()

        self.url = repository.repository_url
        self.region = stack.aws.region
        self.registry_id = repository.registry_id
        self.register_outputs({"url": self.url})

    def _pull_credential(self) -> render.RegistryCredential:
        """Render pulls with a key: its registry credentials cannot use OIDC."""
        child = pulumi.ResourceOptions(parent=self)
        names = self._stack.names
        user = iam.User(
            f"{self._name}-pull",
            name=names.identity("pull"),
            tags=names.tags,
            opts=child,
        )
        iam.UserPolicy(
            f"{self._name}-pull",
            name="pull",
            user=user.name,
            policy=permissions.pull(self._stack),
            opts=child,
        )
        key = iam.AccessKey(f"{self._name}-pull", user=user.name, opts=child)
        return render.RegistryCredential(
            self._name,
            name=names.registry_credential,
            registry="AWS_ECR",
            username=key.id,
            auth_token=key.secret,
            opts=child,
        )
