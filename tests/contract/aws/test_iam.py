"""IAM: roles, users and OIDC providers."""

from __future__ import annotations

import json
from typing import Any

from tests.support.aws_daemon import Aws, refused

POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)

TAGS = [{"Key": "environment", "Value": "staging"}]


def test_an_iam_role_and_its_policy(aws: Aws) -> None:
    """A role keeps its trust, session length, tags and inline policy."""
    iam = aws.client("iam")
    trust: dict[str, Any] = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.example"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": {"token.example:aud": "sts.amazonaws.com"}},
            }
        ],
    }

    made = iam.create_role(
        RoleName="deploy",
        Path="/cams/",
        Description="deploys",
        MaxSessionDuration=7200,
        AssumeRolePolicyDocument=json.dumps(trust),
        Tags=TAGS,
    )["Role"]
    iam.put_role_policy(RoleName="deploy", PolicyName="inline", PolicyDocument=POLICY)

    found = iam.get_role(RoleName="deploy")["Role"]
    assert found["Arn"] == made["Arn"] == "arn:aws:iam::123456789012:role/cams/deploy"
    assert found["RoleId"].startswith("AROA")
    assert (found["Path"], found["Description"], found["MaxSessionDuration"]) == ("/cams/", "deploys", 7200)
    assert (found["AssumeRolePolicyDocument"], found["Tags"]) == (trust, TAGS)
    assert iam.list_role_policies(RoleName="deploy")["PolicyNames"] == ["inline"]
    inline = iam.get_role_policy(RoleName="deploy", PolicyName="inline")
    assert inline["PolicyDocument"] == json.loads(POLICY)
    assert iam.list_attached_role_policies(RoleName="deploy")["AttachedPolicies"] == []
    refused("DeleteConflict", iam.delete_role, RoleName="deploy")

    trust["Statement"][0]["Condition"]["StringEquals"]["token.example:aud"] = "other"
    iam.update_assume_role_policy(RoleName="deploy", PolicyDocument=json.dumps(trust))
    iam.update_role(RoleName="deploy", Description="changed", MaxSessionDuration=3600)
    iam.tag_role(RoleName="deploy", Tags=[{"Key": "more", "Value": "1"}])
    iam.untag_role(RoleName="deploy", TagKeys=["environment"])

    after = iam.get_role(RoleName="deploy")["Role"]
    assert (after["AssumeRolePolicyDocument"], after["Description"]) == (trust, "changed")
    assert (after["MaxSessionDuration"], after["Tags"]) == (3600, [{"Key": "more", "Value": "1"}])

    iam.delete_role_policy(RoleName="deploy", PolicyName="inline")
    refused("NoSuchEntity", iam.get_role_policy, RoleName="deploy", PolicyName="inline")
    iam.delete_role(RoleName="deploy")

    refused("NoSuchEntity", iam.get_role, RoleName="deploy")


def test_an_iam_user_with_a_policy_and_a_key(aws: Aws) -> None:
    """A user keeps path, tags and policy; its key works until it is switched off."""
    iam = aws.client("iam")

    user = iam.create_user(UserName="pull", Path="/cams/", Tags=TAGS)["User"]
    iam.put_user_policy(UserName="pull", PolicyName="inline", PolicyDocument=POLICY)
    key = iam.create_access_key(UserName="pull")["AccessKey"]

    assert user["Arn"] == "arn:aws:iam::123456789012:user/cams/pull"
    found = iam.get_user(UserName="pull")["User"]
    assert (found["Arn"], found["Path"], found["Tags"]) == (user["Arn"], "/cams/", TAGS)
    inline = iam.get_user_policy(UserName="pull", PolicyName="inline")
    assert inline["PolicyDocument"] == json.loads(POLICY)
    [listed] = iam.list_access_keys(UserName="pull")["AccessKeyMetadata"]
    assert (listed["AccessKeyId"], listed["Status"]) == (key["AccessKeyId"], "Active")
    assert aws.client("sts", key).get_caller_identity()["Arn"] == user["Arn"]
    refused("DeleteConflict", iam.delete_user, UserName="pull")

    iam.tag_user(UserName="pull", Tags=[{"Key": "more", "Value": "1"}])
    iam.untag_user(UserName="pull", TagKeys=["environment"])
    iam.update_access_key(UserName="pull", AccessKeyId=key["AccessKeyId"], Status="Inactive")

    assert iam.get_user(UserName="pull")["User"]["Tags"] == [{"Key": "more", "Value": "1"}]
    refused("InvalidClientTokenId", aws.client("sts", key).get_caller_identity)

    iam.delete_access_key(UserName="pull", AccessKeyId=key["AccessKeyId"])
    iam.delete_user_policy(UserName="pull", PolicyName="inline")
    iam.delete_user(UserName="pull")

    refused("NoSuchEntity", iam.get_user, UserName="pull")


def test_an_oidc_provider(aws: Aws) -> None:
    """A provider keeps its audiences, thumbprints and tags."""
    iam = aws.client("iam")

    arn = iam.create_open_id_connect_provider(
        Url="https://token.example/path", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["a" * 40], Tags=TAGS
    )["OpenIDConnectProviderArn"]

    assert arn == "arn:aws:iam::123456789012:oidc-provider/token.example/path"
    found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert (found["Url"], found["ClientIDList"]) == ("token.example/path", ["sts.amazonaws.com"])
    assert (found["ThumbprintList"], found["Tags"]) == (["a" * 40], TAGS)

    iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=arn, ThumbprintList=["b" * 40])
    iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="other")
    iam.untag_open_id_connect_provider(OpenIDConnectProviderArn=arn, TagKeys=["environment"])

    after = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert (after["ThumbprintList"], after["ClientIDList"]) == (["b" * 40], ["sts.amazonaws.com", "other"])
    assert after.get("Tags", []) == []
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    refused("NoSuchEntity", iam.get_open_id_connect_provider, OpenIDConnectProviderArn=arn)
