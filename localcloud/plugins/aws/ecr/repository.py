"""Registries of container images."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from localcloud.plugins.aws import tags
from localcloud.plugins.aws.adopting import adopting
from localcloud.plugins.aws.errors import absent_is_fine, or_none
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.checks import length, matches, one_of
from localcloud.plugins.fields import Fields, boolean, ordered, string, structure
from localcloud.plugins.resource import Resource
from pulumi_plugin.values import Values

_NAME = (
    length(2, 256),
    matches(
        r"(?:[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*/)*[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*",
        "must be lowercase letters, digits, and single separators (- _ . /) between them",
    ),
)


class Repository(Resource[Aws]):
    """One repository; its id is its name."""

    type_ = "aws:ecr/repository:Repository"
    fields: ClassVar[Fields] = {
        "name": string(autoname=256, replace=True, valid=_NAME),
        "imageTagMutability": string(default="MUTABLE", valid=(one_of("MUTABLE", "IMMUTABLE"),)),
        "imageScanningConfiguration": structure({"scanOnPush": boolean(required=True)}, computed=True),
        "encryptionConfigurations": ordered(
            structure(
                {
                    "encryptionType": string(default="AES256", valid=(one_of("AES256", "KMS", "KMS_DSSE"),)),
                    "kmsKey": string(),
                }
            ),
            computed=True,
            replace=True,
        ),
        "forceDelete": boolean(local=True),
        **tags.REGION,
        **tags.TAGS,
    }
    outputs = ("arn", "registryId", "repositoryUrl")

    def create(self, cloud: Aws, inputs: Values) -> tuple[str, Values]:
        """One of the same name with exactly these tags is the same repository."""
        wanted: dict[str, Any] = {
            "repositoryName": inputs["name"],
            "imageTagMutability": inputs["imageTagMutability"],
            "tags": tags.as_list(inputs),
        }
        scanning = inputs.get("imageScanningConfiguration")
        if scanning:
            wanted["imageScanningConfiguration"] = {"scanOnPush": scanning["scanOnPush"]}
        for encryption in inputs.get("encryptionConfigurations") or []:
            key = {"kmsKey": encryption["kmsKey"]} if encryption.get("kmsKey") else {}
            wanted["encryptionConfiguration"] = {"encryptionType": encryption.get("encryptionType", "AES256"), **key}
        with adopting(self, cloud, inputs["name"], inputs, taken="RepositoryAlreadyExistsException"):
            cloud.client("ecr").create_repository(**wanted)
        return inputs["name"], {}

    def read(self, cloud: Aws, resource_id: str, inputs: Values) -> Values | None:
        """As it is. A key that AWS chose is no input."""
        ecr = cloud.client("ecr")
        answer = or_none(ecr.describe_repositories, repositoryNames=[resource_id])
        if answer is None:
            return None
        repository = answer["repositories"][0]
        encryption = dict(repository.get("encryptionConfiguration") or {"encryptionType": "AES256"})
        given: Values = next(iter(inputs.get("encryptionConfigurations") or []), {})
        if encryption["encryptionType"] == "AES256" or (given and not given.get("kmsKey")):
            encryption.pop("kmsKey", None)
        return {
            "name": repository["repositoryName"],
            "arn": repository["repositoryArn"],
            "registryId": repository["registryId"],
            "repositoryUrl": repository["repositoryUri"],
            "imageTagMutability": repository.get("imageTagMutability", "MUTABLE"),
            "imageScanningConfiguration": {
                "scanOnPush": repository.get("imageScanningConfiguration", {}).get("scanOnPush", False)
            },
            "encryptionConfigurations": [encryption],
            "tagsAll": tags.as_map(ecr.list_tags_for_resource(resourceArn=repository["repositoryArn"])["tags"]),
        }

    def update(self, cloud: Aws, resource_id: str, inputs: Values, changed: AbstractSet[str]) -> None:
        """Mutability, scanning and tags can change."""
        ecr = cloud.client("ecr")
        if "imageTagMutability" in changed:
            ecr.put_image_tag_mutability(repositoryName=resource_id, imageTagMutability=inputs["imageTagMutability"])
        scanning = inputs.get("imageScanningConfiguration")
        if "imageScanningConfiguration" in changed and scanning:
            ecr.put_image_scanning_configuration(
                repositoryName=resource_id, imageScanningConfiguration={"scanOnPush": scanning["scanOnPush"]}
            )
        if "tagsAll" in changed:
            arn = ecr.describe_repositories(repositoryNames=[resource_id])["repositories"][0]["repositoryArn"]
            current = tags.as_map(ecr.list_tags_for_resource(resourceArn=arn)["tags"])
            if removed := tags.to_remove(current, inputs):
                ecr.untag_resource(resourceArn=arn, tagKeys=removed)
            if wanted := tags.as_list(inputs):
                ecr.tag_resource(resourceArn=arn, tags=wanted)

    def delete(self, cloud: Aws, resource_id: str, state: Values) -> None:
        """One with images goes only when `forceDelete` says so."""
        with absent_is_fine():
            cloud.client("ecr").delete_repository(repositoryName=resource_id, force=bool(state.get("forceDelete")))
