"""What IAM does not do: what is too long or too many, and what still hangs on something."""

from __future__ import annotations

import pytest

from tests.support.aws_daemon import Aws, refused, words
from tests.support.policies import may, policy, trusts

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


@pytest.mark.parametrize(
    ("kind", "longest", "message"),
    [
        ("user", 2048, "Maximum policy size of 2048 bytes exceeded for user sized"),
        ("group", 5120, "Maximum policy size of 5120 bytes exceeded for group sized"),
        ("role", 10240, "Maximum policy size of 10240 bytes exceeded for role sized"),
    ],
)
def test_inline_policies_have_a_size(aws: Aws, kind: str, longest: int, message: str) -> None:
    """All of an identity's together, without white space."""
    iam = aws.client("iam")
    more = {"AssumeRolePolicyDocument": policy(trusts())} if kind == "role" else {}
    named = {f"{kind.title()}Name": "sized"}
    getattr(iam, f"create_{kind}")(**named, **more)
    put = getattr(iam, f"put_{kind}_policy")
    fits = _as_long_as(longest)

    put(**named, PolicyName="a", PolicyDocument=fits.replace(",", ",   \n"))

    limit = ("LimitExceeded", message)
    assert words(put, **named, PolicyName="a", PolicyDocument=_as_long_as(longest + 1)) == limit
    assert words(put, **named, PolicyName="b", PolicyDocument=policy(may())) == limit


def test_managed_and_trust_policies_have_a_size(aws: Aws) -> None:
    """6,144 and 2,048 characters."""
    iam = aws.client("iam")
    long = [f"arn:aws:iam::999999999999:role/{number:040}" for number in range(30)]

    iam.create_policy(PolicyName="fits", PolicyDocument=_as_long_as(6144))
    assert words(iam.create_policy, PolicyName="long", PolicyDocument=_as_long_as(6145)) == (
        "LimitExceeded",
        "Cannot exceed quota for PolicySize: 6144",
    )
    trust = policy(trusts(Principal={"AWS": long}))
    assert words(iam.create_role, RoleName="long", AssumeRolePolicyDocument=trust) == (
        "LimitExceeded",
        "Cannot exceed quota for ACLSizePerRole: 2048",
    )


def _as_long_as(length: int) -> str:
    empty = len("".join(policy(may(Resource="arn:aws:s3:::")).split()))
    return policy(may(Resource="arn:aws:s3:::" + "a" * (length - empty)))


def test_what_hangs_on_a_user(aws: Aws) -> None:
    """Keys, groups and policies are taken away first."""
    iam = aws.client("iam")
    iam.create_user(UserName="busy")
    iam.create_group(GroupName="busy-group")
    iam.add_user_to_group(UserName="busy", GroupName="busy-group")
    iam.attach_user_policy(UserName="busy", PolicyArn=ADMINISTRATOR)
    keys = [iam.create_access_key(UserName="busy")["AccessKey"]["AccessKeyId"] for _ in range(2)]

    refused("LimitExceeded", iam.create_access_key, UserName="busy")
    for key in keys:
        refused("DeleteConflict", iam.delete_user, UserName="busy")
        iam.delete_access_key(UserName="busy", AccessKeyId=key)
    assert words(iam.delete_user, UserName="busy")[1] == "Cannot delete entity, must remove users from group first."
    refused("DeleteConflict", iam.delete_group, GroupName="busy-group")
    iam.remove_user_from_group(UserName="busy", GroupName="busy-group")
    iam.delete_group(GroupName="busy-group")
    assert words(iam.delete_user, UserName="busy")[1] == "Cannot delete entity, must detach all policies first."
    iam.detach_user_policy(UserName="busy", PolicyArn=ADMINISTRATOR)
    iam.delete_user(UserName="busy")


def test_what_hangs_on_a_policy(aws: Aws) -> None:
    """One that is attached, or has older versions, is not deleted; attaching it twice is once."""
    iam = aws.client("iam")
    arn = iam.create_policy(PolicyName="attached", PolicyDocument=policy(may()))["Policy"]["Arn"]
    iam.create_role(RoleName="attaching", AssumeRolePolicyDocument=policy(trusts()), PermissionsBoundary=arn)
    iam.attach_role_policy(RoleName="attaching", PolicyArn=arn)
    iam.attach_role_policy(RoleName="attaching", PolicyArn=arn)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy(may()), SetAsDefault=True)

    assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
    refused("DeleteConflict", iam.delete_policy, PolicyArn=arn)
    refused("DeleteConflict", iam.delete_role, RoleName="attaching")
    iam.detach_role_policy(RoleName="attaching", PolicyArn=arn)
    refused("DeleteConflict", iam.delete_policy, PolicyArn=arn)
    iam.delete_role_permissions_boundary(RoleName="attaching")
    assert "more than one version" in words(iam.delete_policy, PolicyArn=arn)[1]
    iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    iam.delete_policy(PolicyArn=arn)
    refused("NoSuchEntity", iam.attach_role_policy, RoleName="attaching", PolicyArn=arn)


def test_ten_policies_a_role(aws: Aws) -> None:
    """The eleventh is one too many."""
    iam = aws.client("iam")
    iam.create_role(RoleName="many", AssumeRolePolicyDocument=policy(trusts()))
    for number in range(11):
        arn = iam.create_policy(PolicyName=f"many-{number}", PolicyDocument=policy(may()))["Policy"]["Arn"]
        if number < 10:
            iam.attach_role_policy(RoleName="many", PolicyArn=arn)

    assert words(iam.attach_role_policy, RoleName="many", PolicyArn=arn) == (
        "LimitExceeded",
        "Cannot exceed quota for PoliciesPerRole: 10",
    )


@pytest.mark.parametrize("name", ["AdministratorAccess", "ReadOnlyAccess", "AmazonS3ReadOnlyAccess", "IAMFullAccess"])
def test_policies_of_aws_exist(aws: Aws, name: str) -> None:
    """They are there without being made, and can be attached; others are not."""
    iam = aws.client("iam")

    found = iam.get_policy(PolicyArn=f"arn:aws:iam::aws:policy/{name}")["Policy"]

    assert found["PolicyName"] == name
    refused("NoSuchEntity", iam.get_policy, PolicyArn=f"arn:aws:iam::aws:policy/{name}Nobody")


def test_tags_are_users_own(aws: Aws) -> None:
    """Neither AWS's, nor twice the same, nor more than 50."""
    iam = aws.client("iam")
    iam.create_user(UserName="tagged")
    create, tag = iam.create_user, iam.tag_user

    refused("InvalidInput", create, UserName="t2", Tags=[{"Key": "aws:x", "Value": "1"}])
    refused("InvalidInput", create, UserName="t2", Tags=[{"Key": "A", "Value": "1"}, {"Key": "a", "Value": "2"}])
    iam.tag_user(UserName="tagged", Tags=[{"Key": f"k{number}", "Value": ""} for number in range(50)])
    refused("LimitExceeded", tag, UserName="tagged", Tags=[{"Key": "one-more", "Value": ""}])
    iam.tag_user(UserName="tagged", Tags=[{"Key": "k1", "Value": "again"}])


def test_a_providers_limits(aws: Aws) -> None:
    """HTTPS, five thumbprints, a hundred audiences."""
    iam = aws.client("iam")
    create = iam.create_open_id_connect_provider
    arn = create(Url="https://limits.example", ClientIDList=[f"a{number}" for number in range(100)])[
        "OpenIDConnectProviderArn"
    ]

    refused("ValidationError", create, Url="http://plain.example", ClientIDList=["a"])
    refused("InvalidInput", create, Url="https://six.example", ThumbprintList=["a" * 40] * 6)
    refused(
        "InvalidInput",
        iam.update_open_id_connect_provider_thumbprint,
        OpenIDConnectProviderArn=arn,
        ThumbprintList=["a" * 40] * 6,
    )
    refused(
        "LimitExceeded", iam.add_client_id_to_open_id_connect_provider, OpenIDConnectProviderArn=arn, ClientID="more"
    )
    refused("EntityAlreadyExists", create, Url="https://limits.example", ClientIDList=["a"])
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    refused("NoSuchEntity", iam.delete_open_id_connect_provider, OpenIDConnectProviderArn=arn)
