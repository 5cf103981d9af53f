"""What the policies of secrets, repositories and topics let in, and which of them are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.aws_truth.account import Account, allow, deny
from bench.aws_truth.case import Attempt, Case
from bench.aws_truth.scene import Scene, policy

ROOT = "arn:aws:iam::123456789012:root"
NOTHING = deny("s3:nothing")
DENIED = "AccessDeniedException"


def _put(says: str, service: str, call: Callable[[Any, Scene], Attempt], code: str | None) -> Case:
    return Case(f"{service}: {says}", lambda account: call(account.admin(service), Scene(account)), code)


def _beside(says: str, service: str, code: str | None, *, put: Callable[..., Any], tried: Callable[..., Any]) -> Case:
    """A user without policies tries it on a thing that names the user."""

    def prepare(account: Account) -> Attempt:
        scene, keys = Scene(account), account.user(NOTHING)
        put(account.admin(service), scene, {"AWS": keys["Arn"]})
        client = account.client(service, keys)
        return lambda: tried(client, scene)

    return Case(f"{service}: {says}", prepare, code)


def _without_resource(action: str, me: dict[str, str]) -> dict[str, Any]:
    """As a repository's policy has its statements."""
    return {"Effect": "Allow", "Principal": me, "Action": action}


CASES = [
    _beside(
        "a secret's policy lets the user read",
        "secretsmanager",
        None,
        put=lambda admin, scene, me: admin.put_resource_policy(
            SecretId=scene.secret, ResourcePolicy=policy({**allow("secretsmanager:GetSecretValue"), "Principal": me})
        ),
        tried=lambda client, scene: client.get_secret_value(SecretId=scene.secret),
    ),
    _beside(
        "a secret's policy lets the user read, not write",
        "secretsmanager",
        DENIED,
        put=lambda admin, scene, me: admin.put_resource_policy(
            SecretId=scene.secret, ResourcePolicy=policy({**allow("secretsmanager:GetSecretValue"), "Principal": me})
        ),
        tried=lambda client, scene: client.put_secret_value(SecretId=scene.secret, SecretString="t"),
    ),
    _beside(
        "a topic's policy lets the user publish",
        "sns",
        None,
        put=lambda admin, scene, me: admin.set_topic_attributes(
            TopicArn=scene.topic,
            AttributeName="Policy",
            AttributeValue=policy({**allow("sns:Publish", scene.topic), "Principal": me}),
        ),
        tried=lambda client, scene: client.publish(TopicArn=scene.topic, Message="m"),
    ),
    _beside(
        "a topic's policy lets the user publish a batch",
        "sns",
        None,
        put=lambda admin, scene, me: admin.set_topic_attributes(
            TopicArn=scene.topic,
            AttributeName="Policy",
            AttributeValue=policy({**allow("sns:Publish", scene.topic), "Principal": me}),
        ),
        tried=lambda client, scene: client.publish_batch(
            TopicArn=scene.topic, PublishBatchRequestEntries=[{"Id": "1", "Message": "m"}]
        ),
    ),
    _beside(
        "a topic's policy lets the user publish, not delete",
        "sns",
        "AuthorizationError",
        put=lambda admin, scene, me: admin.set_topic_attributes(
            TopicArn=scene.topic,
            AttributeName="Policy",
            AttributeValue=policy({**allow("sns:Publish", scene.topic), "Principal": me}),
        ),
        tried=lambda client, scene: client.delete_topic(TopicArn=scene.topic),
    ),
    _beside(
        "a repository's policy lets the user list",
        "ecr",
        None,
        put=lambda admin, scene, me: admin.set_repository_policy(
            repositoryName=scene.repository, policyText=policy(_without_resource("ecr:ListImages", me))
        ),
        tried=lambda client, scene: client.list_images(repositoryName=scene.repository),
    ),
    _beside(
        "a repository's policy lets the user list, not push",
        "ecr",
        DENIED,
        put=lambda admin, scene, me: admin.set_repository_policy(
            repositoryName=scene.repository, policyText=policy(_without_resource("ecr:ListImages", me))
        ),
        tried=lambda client, scene: client.initiate_layer_upload(repositoryName=scene.repository),
    ),
    _put(
        "a policy that lets everybody in, where that is blocked",
        "secretsmanager",
        lambda admin, scene: (
            lambda: admin.put_resource_policy(
                SecretId=scene.secret,
                BlockPublicPolicy=True,
                ResourcePolicy=policy({**allow("secretsmanager:*"), "Principal": "*"}),
            )
        ),
        "PublicPolicyException",
    ),
    _put(
        "a policy of a secret with another service's action",
        "secretsmanager",
        lambda admin, scene: (
            lambda: admin.put_resource_policy(
                SecretId=scene.secret, ResourcePolicy=policy({**allow("s3:*"), "Principal": {"AWS": ROOT}})
            )
        ),
        "MalformedPolicyDocumentException",
    ),
    _put(
        "a policy of a repository with a resource",
        "ecr",
        lambda admin, scene: (
            lambda: admin.set_repository_policy(
                repositoryName=scene.repository, policyText=policy({**allow("ecr:*"), "Principal": {"AWS": ROOT}})
            )
        ),
        "InvalidParameterException",
    ),
    _put(
        "a policy of a topic with another service's action",
        "sns",
        lambda admin, scene: (
            lambda: admin.set_topic_attributes(
                TopicArn=scene.topic,
                AttributeName="Policy",
                AttributeValue=policy({**allow("s3:*", scene.topic), "Principal": {"AWS": ROOT}}),
            )
        ),
        "InvalidParameter",
    ),
    _put(
        "a policy of a topic that names a role that is not there",
        "sns",
        lambda admin, scene: (
            lambda: admin.set_topic_attributes(
                TopicArn=scene.topic,
                AttributeName="Policy",
                AttributeValue=policy(
                    {**allow("sns:Publish", scene.topic), "Principal": {"AWS": f"{ROOT[:-4]}role/none"}}
                ),
            )
        ),
        "InvalidParameter",
    ),
]
