"""What trust policies may ask of a token, and what its session may do."""

from __future__ import annotations

from typing import Any

from bench.aws_truth.account import Account, allow, deny, document
from bench.aws_truth.case import Attempt, Case
from bench.aws_truth.forgeries import job
from bench.aws_truth.web_identity import REFUSED, Token, scene
from tests.support.tokens import AUDIENCE, JOB, of_service


def _trusting(*conditions: dict[str, Any], token: Token, effect: str = "Allow", **more: Any) -> Any:
    """A role whose trust policy is written for the case, and the token that is shown for it."""

    def prepare(account: Account) -> Attempt:
        stage = scene(account)
        host = stage.github.url.removeprefix("https://")
        provider = f"arn:aws:iam::{account.id}:oidc-provider/{host}"
        statements = [
            {
                "Effect": effect,
                "Principal": {"Federated": provider},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    operator: {f"{host}:{name}": value for name, value in keys.items()}
                    for operator, keys in condition.items()
                },
                **more,
            }
            for condition in conditions or [{}]
        ]
        name = account.name("role")
        made = account.admin("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document(*statements))
        return stage.take(made["Role"]["Arn"], token(stage))

    return prepare


def _session(action: str, *, bucket_of_policy: bool, session_policy: str | None = None) -> Any:
    """A call with the credentials that a token was exchanged for."""

    def prepare(account: Account) -> Attempt:
        stage, bucket = scene(account), account.bucket()
        role = stage.render_role.rpartition("/")[2]
        own = allow(["s3:PutObject", "s3:GetObject"], f"arn:aws:s3:::{bucket if bucket_of_policy else 'another'}/*")
        account.admin("iam").put_role_policy(
            RoleName=role, PolicyName=account.name("own"), PolicyDocument=document(own)
        )
        options = {"Policy": session_policy} if session_policy else {}
        answer = stage.take(stage.render_role, stage.render.sign(of_service()), **options)()
        s3 = account.client("s3", answer["Credentials"])
        if action == "another token":
            s3 = account.client("s3", {**answer["Credentials"], "SessionToken": "x" * 300})
        return lambda: s3.put_object(Bucket=bucket, Key="key", Body=b"body")

    return prepare


CLAIMS = {
    "actor": "octocat",
    "actor_id": "583231",
    "environment": "staging",
    "ref": "refs/heads/staging",
    "job_workflow_ref": f"{JOB.full_name}/.github/workflows/deploy.yml@refs/heads/staging",
    "repository": JOB.full_name,
    "repository_id": "1029384756",
    "workflow": "deploy",
}
UNKNOWN = {"repository_owner_id": "6154722", "event_name": "push", "runner_environment": "github-hosted"}
OTHER_PROVIDER = {"Federated": "arn:aws:iam::123456789012:oidc-provider/oidc.example"}
COGNITO = {"Federated": "cognito-identity.amazonaws.com"}
PATTERN = {"sub": "repo:example/*:environment:staging"}


def _claim(says: str, name: str, value: str, code: str | None = None) -> Case:
    return Case(f"{says}: {name}", _trusting({"StringEquals": {name: value}}, token=job()), code)


TRUST = [
    *(_claim("a condition on GitHub's claim", name, value) for name, value in CLAIMS.items()),
    *(_claim("a condition on another value", name, f"{value}x", REFUSED) for name, value in CLAIMS.items()),
    *(_claim("a claim that AWS does not know", name, value, REFUSED) for name, value in UNKNOWN.items()),
    Case("trust without a condition", _trusting(token=job())),
    Case("trust that denies", _trusting({"StringEquals": {"aud": AUDIENCE}}, token=job(), effect="Deny"), REFUSED),
    Case("trust for AssumeRole alone", _trusting(token=job(), Action="sts:AssumeRole"), REFUSED),
    Case("trust in another provider", _trusting(token=job(), Principal=OTHER_PROVIDER), REFUSED),
    Case("trust in Cognito", _trusting(token=job(), Principal=COGNITO), REFUSED),
    Case("a pattern for the subject", _trusting({"StringLike": PATTERN}, token=job())),
    Case("a pattern that is compared as text", _trusting({"StringEquals": PATTERN}, token=job()), REFUSED),
    Case(
        "the subject without regard to capitals",
        _trusting({"StringEqualsIgnoreCase": {"sub": JOB.subject.upper()}}, token=job()),
    ),
]
SESSIONS = [
    Case("a token's session puts into its bucket", _session("put", bucket_of_policy=True)),
    Case("a token's session puts into another bucket", _session("put", bucket_of_policy=False), REFUSED),
    Case(
        "a token's session with another session token",
        _session("another token", bucket_of_policy=True),
        "InvalidToken",
    ),
    Case(
        "a token's session that its session policy bounds",
        _session("put", bucket_of_policy=True, session_policy=document(deny("s3:PutObject"))),
        REFUSED,
    ),
]

CASES = [*TRUST, *SESSIONS]
