"""ECR: a repository, its rules and its policy."""

from __future__ import annotations

import json

from tests.support.aws_daemon import Aws, refused

TAGS = [{"Key": "environment", "Value": "staging"}]


def test_an_ecr_repository_and_its_lifecycle(aws: Aws) -> None:
    """A repository keeps its immutability, scanning, encryption, tags, policy and lifecycle."""
    ecr = aws.client("ecr")
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    lifecycle = {
        "rules": [
            {
                "rulePriority": 1,
                "description": "keep 30",
                "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 30},
                "action": {"type": "expire"},
            }
        ]
    }

    made = ecr.create_repository(
        repositoryName="team/app",
        imageTagMutability="IMMUTABLE",
        imageScanningConfiguration={"scanOnPush": True},
        encryptionConfiguration={"encryptionType": "KMS", "kmsKey": key},
        tags=TAGS,
    )["repository"]
    ecr.put_lifecycle_policy(repositoryName="team/app", lifecyclePolicyText=json.dumps(lifecycle))

    [found] = ecr.describe_repositories(repositoryNames=["team/app"])["repositories"]
    assert found == made
    assert found["repositoryArn"] == "arn:aws:ecr:eu-central-1:123456789012:repository/team/app"
    assert found["repositoryUri"] == f"127.0.0.1:{aws.port('registry')}/team/app"
    assert (found["registryId"], found["imageTagMutability"]) == ("123456789012", "IMMUTABLE")
    assert found["imageScanningConfiguration"] == {"scanOnPush": True}
    assert found["encryptionConfiguration"] == {"encryptionType": "KMS", "kmsKey": key}
    assert ecr.list_tags_for_resource(resourceArn=found["repositoryArn"])["tags"] == TAGS
    text = ecr.get_lifecycle_policy(repositoryName="team/app")["lifecyclePolicyText"]
    assert json.loads(text) == lifecycle
    refused("RepositoryAlreadyExistsException", ecr.create_repository, repositoryName="team/app")
    refused("RepositoryPolicyNotFoundException", ecr.get_repository_policy, repositoryName="team/app")

    ecr.put_image_tag_mutability(repositoryName="team/app", imageTagMutability="MUTABLE")
    ecr.put_image_scanning_configuration(repositoryName="team/app", imageScanningConfiguration={"scanOnPush": False})
    ecr.tag_resource(resourceArn=found["repositoryArn"], tags=[{"Key": "more", "Value": "1"}])
    ecr.untag_resource(resourceArn=found["repositoryArn"], tagKeys=["environment"])
    ecr.delete_lifecycle_policy(repositoryName="team/app")

    [after] = ecr.describe_repositories(repositoryNames=["team/app"])["repositories"]
    assert (after["imageTagMutability"], after["imageScanningConfiguration"]) == ("MUTABLE", {"scanOnPush": False})
    assert ecr.list_tags_for_resource(resourceArn=found["repositoryArn"])["tags"] == [{"Key": "more", "Value": "1"}]
    refused("LifecyclePolicyNotFoundException", ecr.get_lifecycle_policy, repositoryName="team/app")

    ecr.delete_repository(repositoryName="team/app")

    refused("RepositoryNotFoundException", ecr.describe_repositories, repositoryNames=["team/app"])
