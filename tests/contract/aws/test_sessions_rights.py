"""What sessions of roles may: who assumes them, and by which policies and tags they are bound."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.config import Config

from tests.support.aws_daemon import Aws, refused, words
from tests.support.policies import HERE, may, policy, trusts

SECRETS = {"Action": "secretsmanager:ListSecrets"}
BOTH = policy(may(Action=["secretsmanager:ListSecrets", "ssm:DescribeParameters"]))


def assumed(aws: Aws, role: str, keys: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    """The answer to who assumes that role."""
    arn = f"arn:aws:iam::{HERE}:role/{role}"
    answer: dict[str, Any] = aws.client("sts", keys).assume_role(RoleArn=arn, RoleSessionName="some", **more)
    return answer


def role(aws: Aws, name: str, own: str = BOTH, **trust: Any) -> str:
    """A role that may what the document says."""
    iam = aws.client("iam")
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trusts(**trust)))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=own)
    return str(arn)


def user(aws: Aws, name: str, *statements: dict[str, Any]) -> dict[str, str]:
    """A user's key."""
    iam = aws.client("iam")
    iam.create_user(UserName=name)
    if statements:
        iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=policy(*statements))
    key: dict[str, str] = iam.create_access_key(UserName=name)["AccessKey"]
    return key


def test_session_policies_take_rights_away(aws: Aws) -> None:
    """Inline and managed ones together; they add nothing; it holds after a restart as well."""
    role(aws, "bounded")
    arn = aws.client("iam").create_policy(PolicyName="bound", PolicyDocument=policy(may(**SECRETS)))["Policy"]["Arn"]
    only_secrets = assumed(aws, "bounded", Policy=policy(may(Action=["secretsmanager:*", "kms:*"])))
    by_arn = assumed(aws, "bounded", PolicyArns=[{"arn": arn}])

    for answer in (only_secrets, by_arn):
        keys = answer["Credentials"]
        aws.client("secretsmanager", keys).list_secrets()
        code, message = words(aws.client("ssm", keys).describe_parameters)
        assert code == "AccessDeniedException"
        assert message.startswith(
            f"User: arn:aws:sts::{HERE}:assumed-role/bounded/some is not authorized to perform: "
        )
        assert message.endswith(" because no session policy allows the ssm:DescribeParameters action")
    assert "no identity-based policy" in words(aws.client("kms", only_secrets["Credentials"]).list_keys)[1]
    assert 0 < only_secrets["PackedPolicySize"] < 100


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"Policy": "{"}, "MalformedPolicyDocument"),
        ({"Policy": policy(may(Principal="*"))}, "MalformedPolicyDocument"),
        ({"PolicyArns": [{"arn": f"arn:aws:iam::{HERE}:policy/none"}]}, "ValidationError"),
        ({"Policy": policy(may(Resource="arn:aws:s3:::" + "a" * 1990))}, "PackedPolicyTooLarge"),
        ({"Tags": [{"Key": "aws:x", "Value": "1"}]}, "ValidationError"),
        ({"Tags": [{"Key": "A", "Value": "1"}, {"Key": "a", "Value": "1"}]}, "InvalidInput"),
        ({"TransitiveTagKeys": ["none"]}, "ValidationError"),
        ({"DurationSeconds": 899}, "ValidationError"),
        ({"DurationSeconds": 3601}, "ValidationError"),
        ({"RoleSessionName": "a b"}, "ValidationError"),
    ],
)
def test_what_no_session_is_made_of(aws: Aws, given: dict[str, Any], code: str) -> None:
    """Each is refused with its code."""
    iam = aws.client("iam")
    if "assumable" not in {each["RoleName"] for each in iam.list_roles()["Roles"]}:
        role(aws, "assumable", Action=["sts:AssumeRole", "sts:TagSession"])
    arn = f"arn:aws:iam::{HERE}:role/assumable"

    as_it_stands = Config(parameter_validation=False)
    refused(
        code,
        aws.client("sts", config=as_it_stands).assume_role,
        **{"RoleArn": arn, "RoleSessionName": "some", **given},
    )


def test_a_sessions_tags_count_in_conditions(aws: Aws) -> None:
    """They win over the role's, need a right of their own, and go on where they are transitive."""
    team = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
    own = policy(may(**SECRETS, Condition=team), may(Action=["sts:AssumeRole", "sts:TagSession"], Resource="*"))
    role(aws, "tagging", own, Action=["sts:AssumeRole", "sts:TagSession"])
    role(aws, "untagging", own)
    red, blue = ([{"Key": "team", "Value": value}] for value in ("red", "blue"))

    plain = assumed(aws, "tagging")["Credentials"]
    tagged = assumed(aws, "tagging", Tags=red, TransitiveTagKeys=["team"])["Credentials"]
    chained = assumed(aws, "untagging", tagged)["Credentials"]

    refused("AccessDeniedException", aws.client("secretsmanager", plain).list_secrets)
    aws.client("secretsmanager", tagged).list_secrets()
    aws.client("secretsmanager", chained).list_secrets()
    sts = aws.client("sts")
    untagging = f"arn:aws:iam::{HERE}:role/untagging"
    refused("AccessDenied", sts.assume_role, RoleArn=untagging, RoleSessionName="some", Tags=red)
    chain = aws.client("sts", tagged).assume_role
    refused("ValidationError", chain, RoleArn=f"arn:aws:iam::{HERE}:role/tagging", RoleSessionName="some", Tags=blue)


def test_who_assumes_a_role(aws: Aws) -> None:
    """Whom the trust policy names himself, or by his account and allowed by it; nobody else."""
    ann = user(aws, "ann")
    bob = user(aws, "bob", may(Action="sts:AssumeRole"))
    role(aws, "anns", Principal={"AWS": f"arn:aws:iam::{HERE}:user/ann"})
    role(aws, "accounts")
    role(aws, "services", Principal={"Service": "ec2.amazonaws.com"})
    named = {"StringEquals": {"sts:ExternalId": "42"}, "StringLike": {"sts:RoleSessionName": "so*"}}
    role(aws, "conditional", Condition=named)

    def outcome(keys: dict[str, str], name: str, **more: Any) -> str:
        arn = f"arn:aws:iam::{HERE}:role/{name}"
        try:
            aws.client("sts", keys).assume_role(**{"RoleArn": arn, "RoleSessionName": "some", **more})
        except aws.client("sts").exceptions.ClientError as error:
            return str(error.response["Error"]["Code"])
        return "assumed"

    assert [outcome(ann, name) for name in ("anns", "accounts", "services", "none")] == [
        "assumed", "AccessDenied", "AccessDenied", "AccessDenied",
    ]  # fmt: skip
    assert [outcome(bob, name) for name in ("anns", "accounts", "services", "none")] == [
        "AccessDenied", "assumed", "AccessDenied", "AccessDenied",
    ]  # fmt: skip
    assert outcome(bob, "conditional") == "AccessDenied"
    assert outcome(bob, "conditional", ExternalId="42") == "assumed"
    assert outcome(bob, "conditional", ExternalId="42", RoleSessionName="other") == "AccessDenied"
    assert outcome(bob, "accounts", SourceIdentity="bob") == "AccessDenied"


def test_the_simulator_says_what_would_happen(aws: Aws) -> None:
    """For a user, a role, and documents alone; it names the keys that it was not told."""
    iam = aws.client("iam")
    user(
        aws,
        "simulated",
        may(Condition={"Bool": {"aws:SecureTransport": "true"}}),
        may(Effect="Deny", Action="s3:Put*"),
    )
    arn = f"arn:aws:iam::{HERE}:user/simulated"
    secure = {"ContextKeyName": "aws:SecureTransport", "ContextKeyType": "boolean", "ContextKeyValues": ["true"]}
    actions = ["s3:GetObject", "s3:PutObject", "kms:Decrypt"]

    told = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=actions, ContextEntries=[secure])
    untold = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=actions)["EvaluationResults"]
    custom = iam.simulate_custom_policy(
        PolicyInputList=[policy(may())],
        ActionNames=actions[:2],
        ResourceArns=["arn:aws:s3:::a/b"],
        PermissionsBoundaryPolicyInputList=[policy(may(Action="s3:PutObject"))],
    )["EvaluationResults"]

    decisions = [each["EvalDecision"] for each in told["EvaluationResults"]]
    assert decisions == ["allowed", "explicitDeny", "implicitDeny"]
    assert untold[0]["EvalDecision"] == "implicitDeny"
    assert untold[0]["MissingContextValues"] == ["aws:securetransport"]
    assert [each["EvalDecision"] for each in custom] == ["implicitDeny", "implicitDeny"]
    assert [each["PermissionsBoundaryDecisionDetail"]["AllowedByPermissionsBoundary"] for each in custom] == [
        False,
        True,
    ]
    nobody = f"arn:aws:iam::{HERE}:user/nobody"
    refused("NoSuchEntity", iam.simulate_principal_policy, PolicySourceArn=nobody, ActionNames=actions)
