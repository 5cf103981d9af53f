"""Documents that IAM does not keep, with its words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.aws_daemon import Aws, words
from tests.support.policies import may, policy, trusts

ACCOUNT = "123456789012"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
NOBODY_IS = f"arn:aws:iam::{ACCOUNT}"
SYNTAX = "Syntax errors in policy."
ALPHANUMERIC = (
    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", SYNTAX),
        ("[]", SYNTAX),
        ('{"Version": "2012-10-17"}', SYNTAX),
        (policy(may(), version="2012-10-18"), SYNTAX),
        (json.dumps({"Statement": [may()]}), "Policy document must be version 2012-10-17 or greater."),
        (policy(may(Effect=None)), SYNTAX),
        (policy(may(Effect="Maybe")), SYNTAX),
        (policy(may(Verb="s3:GetObject")), SYNTAX),
        (policy(may(NotAction="s3:PutObject")), SYNTAX),
        (policy(may(NotResource="*")), SYNTAX),
        (policy(may(Condition={"Foo": {"aws:SourceIp": "10.0.0.0/8"}})), SYNTAX),
        (policy(may(Condition={"StringEquals": "a"})), SYNTAX),
        ('{"Version": "2012-10-17", "Statement": [], "Statement": []}', SYNTAX),
        (policy(may(Action=None)), "Policy statement must contain actions."),
        (policy(may(Action=[])), "Policy statement must contain actions."),
        (policy(may(Resource=None)), "Policy statement must contain resources."),
        (
            policy(may(Action="GetObject")),
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        ),
        (policy(may(Action="s3 x:GetObject")), "Vendor s3 x is not valid"),
        (policy(may(Action="s3:Get:Object")), "Actions/Condition can contain only one colon."),
        (policy(may(Resource="bucket")), 'Resource bucket must be in ARN format or "*".'),
        (policy(may(Resource="arn:aws")), "Resource vendor must be fully qualified and cannot contain regexes."),
        (policy(may(Principal="*")), "Policy document should not specify a principal."),
        (policy(may(Sid="A"), may(Sid="A")), "Statement IDs (SID) in a single policy must be unique."),
        (
            policy(may(Sid="A b")),
            ALPHANUMERIC,
        ),
        (
            policy(may(Condition={"StringEquals": {"prefix": "a"}})),
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        ),
    ],
)
def test_a_document_that_is_no_policy(aws: Aws, document: str, message: str) -> None:
    """Each mistake has AWS's words."""
    create = aws.client("iam").create_policy

    assert words(create, PolicyName="wrong", PolicyDocument=document) == ("MalformedPolicyDocument", message)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (trusts(Principal=None), "Missing required field Principal"),
        (trusts(Principal={}), "Missing required field Principal"),
        (trusts(Resource="*"), "Has prohibited field Resource"),
        (trusts(Action="s3:GetObject"), "AssumeRole policy may only specify STS AssumeRole actions."),
        (trusts(Action=None), "Policy statement must contain actions."),
        (
            trusts(Principal={"AWS": f"{NOBODY_IS}:role/nobody"}),
            f'Invalid principal in policy: "AWS":"{NOBODY_IS}:role/nobody"',
        ),
        (
            trusts(Principal={"AWS": f"{NOBODY_IS}:user/nobody"}),
            f'Invalid principal in policy: "AWS":"{NOBODY_IS}:user/nobody"',
        ),
        (trusts(Principal={"AWS": "1234"}), 'Invalid principal in policy: "AWS":"1234"'),
        (
            trusts(Principal={"AWS": "arn:aws:iam::123456789012:role/*"}),
            'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/*"',
        ),
        (trusts(Principal={"Service": "backup"}), 'Invalid principal in policy: "SERVICE":"backup"'),
        (
            trusts(Principal={"Federated": "token.example"}),
            'Invalid principal in policy: "FEDERATED":"token.example"',
        ),
        (trusts(Principal={"Other": "x"}), 'Invalid principal in policy: "OTHER":"x"'),
    ],
)
def test_a_trust_policy_that_trusts_nobody(aws: Aws, statement: dict[str, Any], message: str) -> None:
    """It needs a principal that exists, no resource, and actions of STS; at the role's birth as later."""
    iam = aws.client("iam")
    made = iam.create_role(RoleName="trusts-one", AssumeRolePolicyDocument=policy(trusts()))["Role"]
    expected = ("MalformedPolicyDocument", message)

    assert words(iam.create_role, RoleName="wrong", AssumeRolePolicyDocument=policy(statement)) == expected
    update = iam.update_assume_role_policy
    assert words(update, RoleName=made["RoleName"], PolicyDocument=policy(statement)) == expected
    iam.delete_role(RoleName=made["RoleName"])


def test_principals_that_are_somebody(aws: Aws) -> None:
    """Accounts, everybody, services, providers, others' identities; also in documents of 2008."""
    iam = aws.client("iam")
    iam.create_user(UserName="trusted")
    good = [
        {"AWS": "*"},
        {"AWS": f"{NOBODY_IS}:user/trusted"},
        {"AWS": ["999999999999", "arn:aws:iam::999999999999:role/theirs"]},
        {"Service": "ec2.amazonaws.com"},
        {"Federated": f"{NOBODY_IS}:oidc-provider/token.example"},
    ]

    for principal in good:
        document = policy(trusts(Principal=principal), version="2008-10-17")
        iam.create_role(RoleName="trusting", AssumeRolePolicyDocument=document)
        iam.delete_role(RoleName="trusting")
