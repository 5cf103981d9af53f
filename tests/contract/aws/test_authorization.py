"""Every call is decided by policies: the refusal in each protocol, and whom nothing stops."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.aws_daemon import Aws, refused
from tests.support.policies import HERE, may, policy

ME = f"arn:aws:iam::{HERE}:user"


def user(aws: Aws, name: str, *statements: dict[str, Any]) -> dict[str, str]:
    """A user's key."""
    iam = aws.client("iam")
    iam.create_user(UserName=name)
    if statements:
        iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=policy(*statements))
    key: dict[str, str] = iam.create_access_key(UserName=name)["AccessKey"]
    return key


@pytest.fixture(scope="module")
def nobody(aws: Aws) -> dict[str, str]:
    """The key of a user who may nothing."""
    return user(aws, "may-nothing")


@pytest.mark.parametrize(
    ("service", "call", "action", "answer"),
    [
        ("s3", "list_buckets", "s3:ListAllMyBuckets", ("AccessDenied", 403)),
        ("iam", "list_users", "iam:ListUsers", ("AccessDenied", 403)),
        ("sts", "get_access_key_info", "sts:GetAccessKeyInfo", ("AccessDenied", 403)),
        ("sns", "list_topics", "SNS:ListTopics", ("AuthorizationError", 403)),
        ("cloudwatch", "describe_alarms", "cloudwatch:DescribeAlarms", ("AccessDenied", 403)),
        ("kms", "list_keys", "kms:ListKeys", ("AccessDeniedException", 400)),
        ("ecr", "get_authorization_token", "ecr:GetAuthorizationToken", ("AccessDeniedException", 400)),
        ("secretsmanager", "list_secrets", "secretsmanager:ListSecrets", ("AccessDeniedException", 400)),
        ("ssm", "describe_parameters", "ssm:DescribeParameters", ("AccessDeniedException", 400)),
        ("logs", "describe_log_groups", "logs:DescribeLogGroups", ("AccessDeniedException", 400)),
        ("events", "list_rules", "events:ListRules", ("AccessDeniedException", 400)),
    ],
)
def test_each_protocol_has_its_code(
    aws: Aws, nobody: dict[str, str], service: str, call: str, action: str, answer: tuple[str, int]
) -> None:
    """Who, what, and by which kind of policy."""
    given = {"AccessKeyId": "AKIA" + "A" * 16} if call == "get_access_key_info" else {}
    with pytest.raises(ClientError) as error:
        getattr(aws.client(service, nobody), call)(**given)

    said = error.value.response
    assert (said["Error"]["Code"], said["ResponseMetadata"]["HTTPStatusCode"]) == answer
    message = said["Error"]["Message"]
    assert message.startswith(f"User: {ME}/may-nothing is not authorized to perform: {action} ")
    assert message.endswith(f"because no identity-based policy allows the {action} action")


def test_a_deny_is_named(aws: Aws) -> None:
    """Whether it is the identity's or the resource's."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="denying-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    key = user(aws, "denied", may(Action="s3:*"), may(Effect="Deny", Action="s3:DeleteBucket"))
    denies = may(Effect="Deny", Principal="*", Action="s3:GetBucketTagging", Resource="arn:aws:s3:::denying-bucket")
    s3.put_bucket_policy(Bucket="denying-bucket", Policy=policy(denies))
    theirs = aws.client("s3", key)
    start = f"User: {ME}/denied is not authorized to perform: "

    def said(call: Any) -> str:
        with pytest.raises(ClientError) as error:
            call(Bucket="denying-bucket")
        return str(error.value.response["Error"]["Message"])

    on = ' on resource: "arn:aws:s3:::denying-bucket" with an explicit deny in '.replace('"', "")
    assert said(theirs.delete_bucket) == f"{start}s3:DeleteBucket{on}an identity-based policy"
    assert said(theirs.get_bucket_tagging) == f"{start}s3:GetBucketTagging{on}a resource-based policy"
    refused("AccessDenied", s3.get_bucket_tagging, Bucket="denying-bucket")  # the administrator as well
    s3.delete_bucket(Bucket="denying-bucket")


def test_everybody_may_ask_who_he_is(aws: Aws, nobody: dict[str, str]) -> None:
    """No policy is needed, and none can forbid it."""
    denied = user(aws, "asks", may(Effect="Deny", Action="*"))

    assert aws.client("sts", nobody).get_caller_identity()["Arn"] == f"{ME}/may-nothing"
    assert aws.client("sts", denied).get_caller_identity()["Arn"] == f"{ME}/asks"


def test_the_administrator_is_one_by_policy(aws: Aws) -> None:
    """AWS's own, attached; it can be seen, and taken from no other."""
    attached = aws.client("iam").list_attached_user_policies(UserName="local-administrator")["AttachedPolicies"]

    assert attached == [
        {"PolicyName": "AdministratorAccess", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}
    ]


def test_a_right_counts_from_the_next_call_on(aws: Aws, nobody: dict[str, str]) -> None:
    """Given, changed and taken away again."""
    iam, ssm = aws.client("iam"), aws.client("ssm", nobody)
    named = {"UserName": "may-nothing", "PolicyName": "now"}

    refused("AccessDeniedException", ssm.describe_parameters)
    iam.put_user_policy(**named, PolicyDocument=policy(may(Action="ssm:*")))
    ssm.describe_parameters()
    iam.put_user_policy(
        **named, PolicyDocument=policy(may(Action="ssm:*"), may(Effect="Deny", Action="ssm:Describe*"))
    )
    refused("AccessDeniedException", ssm.describe_parameters)
    iam.delete_user_policy(**named)
    refused("AccessDeniedException", ssm.describe_parameters)


def test_a_users_boundary(aws: Aws) -> None:
    """It is there from birth or put later, takes rights away, and is shown; one that does not exist is refused."""
    iam = aws.client("iam")
    key = user(aws, "bounded-user", may(Action=["ssm:*", "kms:*"]))
    arn = iam.create_policy(PolicyName="only-kms", PolicyDocument=policy(may(Action="kms:*")))["Policy"]["Arn"]
    named, ssm = {"UserName": "bounded-user"}, aws.client("ssm", key)

    iam.create_user(UserName="born-bounded", PermissionsBoundary=arn)
    iam.put_user_permissions_boundary(**named, PermissionsBoundary=arn)

    for name in ("born-bounded", "bounded-user"):
        assert iam.get_user(UserName=name)["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == arn
    aws.client("kms", key).list_keys()
    refused("AccessDeniedException", ssm.describe_parameters)
    refused("DeleteConflict", iam.delete_policy, PolicyArn=arn)
    iam.delete_user_permissions_boundary(**named)
    ssm.describe_parameters()
    refused("NoSuchEntity", iam.delete_user_permissions_boundary, **named)
    refused("NoSuchEntity", iam.put_user_permissions_boundary, **named, PermissionsBoundary=f"{arn}-none")
