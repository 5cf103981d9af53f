"""Who may do what in an environment's AWS account."""

from __future__ import annotations

import json

import pytest

from infra import permissions, trust
from infra.config import ENVIRONMENTS, Environment
from infra.load import from_file
from tests.support.declared_policies import may
from tests.support.program import ACCOUNT, OWNER, Declare, Programs

KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1"
BACKUPS = f"arn:aws:s3:::cams-staging-backups-{ACCOUNT}"
MEDIA = f"arn:aws:s3:::cams-staging-media-{ACCOUNT}"


def test_github_deploys_from_this_repository_environment_and_branch_alone(programs: Programs) -> None:
    """Both formats of a workflow's subject, and what the subject leaves out: the branch, the repository's id."""
    assert programs["staging"].policy("iam/role:Role", "identity-deploy") == {
        "GitHub": {
            "Sid": "GitHub",
            "Effect": "Allow",
            "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {
                    "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                    "token.actions.githubusercontent.com:sub": [
                        "repo:example/cams:environment:staging",
                        "repo:example@6154722/cams@1029384756:environment:staging",
                    ],
                    "token.actions.githubusercontent.com:ref": "refs/heads/staging",
                    "token.actions.githubusercontent.com:repository_id": "1029384756",
                }
            },
        }
    }


def test_no_environment_trusts_anothers_workflows() -> None:
    """Nothing that one environment's subjects say is said by another's, nor is its branch."""
    stacks = [from_file(environment) for environment in ENVIRONMENTS]
    subjects = [subject for stack in stacks for subject in trust.github_subjects(stack)]

    assert len(set(subjects)) == 6
    assert len({stack.branch for stack in stacks}) == 3


def test_any_service_of_the_environment_uses_media_by_renders_tokens(programs: Programs) -> None:
    """Those of this Render environment, none of another."""
    issuer = f"oidc.render.com/{OWNER}"
    [statement] = programs["staging"].policy("iam/role:Role", "identity-media").values()

    assert statement["Principal"] == {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}"}
    assert statement["Condition"] == {
        "StringEquals": {f"{issuer}:aud": "sts.amazonaws.com"},
        "StringLike": {f"{issuer}:sub": f"workspace:{OWNER}:environment:environment-id:service:*"},
    }


@pytest.mark.parametrize(("who", "jobs"), [("backup", ("backup", "media")), ("restore", ("drill",))])
def test_what_jobs_may_no_other_service_may(programs: Programs, who: str, jobs: tuple[str, ...]) -> None:
    """Their roles trust them by the ids that Render gave them, so that the web service reads no backup."""
    issuer = f"oidc.render.com/{OWNER}"
    [statement] = programs["staging"].policy("iam/role:Role", f"identity-{who}").values()

    assert statement["Condition"] == {
        "StringEquals": {
            f"{issuer}:aud": "sts.amazonaws.com",
            f"{issuer}:sub": [
                f"workspace:{OWNER}:environment:environment-id:service:backup-jobs-{job}-id" for job in jobs
            ],
        }
    }


@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        ("s3:PutObject", f"{BACKUPS}/daily/1.dump", True),
        ("s3:GetObject", f"{BACKUPS}/daily/1.dump", True),
        ("s3:GetObject", f"{MEDIA}/photo.jpg", True),
        ("s3:AbortMultipartUpload", f"{BACKUPS}/daily/1.dump", True),
        ("s3:GetObjectVersion", f"{BACKUPS}/daily/1.dump", False),
        ("s3:DeleteObject", f"{BACKUPS}/daily/1.dump", False),
        ("s3:DeleteObjectVersion", f"{BACKUPS}/daily/1.dump", False),
        ("s3:BypassGovernanceRetention", f"{BACKUPS}/daily/1.dump", False),
        ("s3:PutLifecycleConfiguration", BACKUPS, False),
        ("s3:PutBucketObjectLockConfiguration", BACKUPS, False),
        ("s3:PutObjectRetention", f"{BACKUPS}/daily/1.dump", False),
        ("s3:PutBucketVersioning", BACKUPS, False),
        ("s3:PutObject", f"{MEDIA}/photo.jpg", False),
        ("s3:PutObject", f"arn:aws:s3:::cams-prod-backups-{ACCOUNT}/daily/1.dump", False),
    ],
)
def test_the_backup_writer_cannot_take_back_what_it_wrote(
    programs: Programs, action: str, resource: str, allowed: bool
) -> None:
    """Who breaks into the service that writes backups cannot delete them."""
    policy = programs["staging"].policy("RolePolicy", "identity-backup")

    assert may(policy, action, resource) is allowed


def test_the_backup_writer_writes_no_key_twice(programs: Programs) -> None:
    """What makes an object has to say `If-None-Match: *`; the parts of an upload cannot, and make none."""
    policy = programs["staging"].policy("RolePolicy", "identity-backup")

    assert policy["NeverOverwrite"] == {
        "Sid": "NeverOverwrite",
        "Effect": "Deny",
        "Action": ["s3:PutObject"],
        "Resource": f"{BACKUPS}/*",
        "Condition": {"Null": {"s3:if-none-match": "true"}, "Bool": {"s3:ObjectCreationOperation": "true"}},
    }


def test_deleting_backups_is_denied_whatever_else_is_allowed(programs: Programs) -> None:
    """A later permission, however broad, does not undo the deny."""
    statement = programs["staging"].policy("RolePolicy", "identity-backup")["NeverDelete"]

    assert statement["Effect"] == "Deny"
    assert statement["Resource"] == [BACKUPS, f"{BACKUPS}/*"]
    assert {"s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"} < set(statement["Action"])


def test_the_media_role_reaches_media_alone(programs: Programs) -> None:
    """Every statement of the identity that the web service has."""
    assert programs["staging"].policy("RolePolicy", "identity-media") == {
        "UseMedia": {
            "Sid": "UseMedia",
            "Effect": "Allow",
            "Action": ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            "Resource": f"{MEDIA}/*",
        },
        "ListMedia": {
            "Sid": "ListMedia",
            "Effect": "Allow",
            "Action": ["s3:ListBucket", "s3:GetBucketLocation"],
            "Resource": MEDIA,
        },
        "Seal": {
            "Sid": "Seal",
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": KEY,
            "Condition": {"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}},
        },
    }


def test_the_restore_role_reads_backups_and_writes_none(programs: Programs) -> None:
    """A drill cannot spoil what it tests; what it found it keeps beside, and once."""
    policy = programs["staging"].policy("RolePolicy", "identity-restore")

    assert may(policy, "s3:GetObject", f"{BACKUPS}/daily/1.dump")
    assert may(policy, "s3:PutObject", f"{BACKUPS}/drills/staging/1.json")
    assert policy["NeverOverwrite"]["Resource"] == f"{BACKUPS}/*"
    assert may(policy, "s3:PutObject", f"{MEDIA}/photo.jpg")
    assert may(policy, "s3:AbortMultipartUpload", f"{MEDIA}/photo.jpg")
    assert not may(policy, "s3:PutObject", f"{BACKUPS}/daily/1.dump")
    assert not may(policy, "s3:DeleteObject", f"{BACKUPS}/daily/1.dump")


def test_who_restores_claims_dumps_and_lays_none_down(programs: Programs) -> None:
    """What is laid down replaces the data: that takes a person, and no identity of the environment."""
    staging = programs["staging"]
    policies = {
        who: staging.policy("RolePolicy", f"identity-{who}") for who in ("deploy", "backup", "media", "restore")
    }

    def who_puts(key: str) -> list[str]:
        return [who for who, policy in policies.items() if may(policy, "s3:PutObject", f"{BACKUPS}/{key}")]

    assert who_puts("drops/.companion/monday.dump:1:x") == ["restore"]
    assert who_puts("drops/monday.dump") == []
    assert [who for who, one in policies.items() if may(one, "s3:GetObject", f"{BACKUPS}/drops/monday.dump")] == [
        "restore"
    ]
    assert not may(policies["restore"], "s3:DeleteObject", f"{BACKUPS}/drops/.companion/monday.dump:1:x")


def test_only_who_restores_reads_what_opens_backups(programs: Programs) -> None:
    """And the pipeline, whose state has it anyway; it cannot change it."""
    staging, read = programs["staging"], "secretsmanager:GetSecretValue"
    key = f"arn:aws:secretsmanager:eu-central-1:{ACCOUNT}:secret:cams-staging/backup-key-AbCdEf"
    policies = {
        who: staging.policy("RolePolicy", f"identity-{who}") for who in ("deploy", "backup", "media", "restore")
    }

    assert [who for who, policy in policies.items() if may(policy, read, key)] == ["deploy", "restore"]
    assert not may(policies["deploy"], "secretsmanager:PutSecretValue", key)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_policy_fits_into_its_role(environment: Environment) -> None:
    """AWS takes 10,240 characters of inline policies in a role, 2,048 in a user, spaces not counted."""
    stack = from_file(environment)
    sizes = {
        written.__name__: len("".join(written(stack, KEY).split()))
        for written in (permissions.deploy, permissions.back_up, permissions.use_media, permissions.restore)
    }

    assert sizes["deploy"] < 10_240
    assert max(size for name, size in sizes.items() if name != "deploy") < 2_048


def test_without_renders_tokens_services_have_users_with_keys(declare: Declare) -> None:
    """`identity: access_key` makes three users of the same permissions, and no role but the pipeline's."""
    stack = from_file("staging").model_copy(update={"identity": "access_key"})

    program = declare(stack)

    assert [found.name for found in program.all("iam/role:Role")] == ["identity-deploy"]
    assert sorted(found.inputs["name"] for found in program.all("iam/user:User")) == [
        "cams-staging-backup",
        "cams-staging-media",
        "cams-staging-pull",
        "cams-staging-restore",
    ]
    written = json.loads(program.one("UserPolicy", "identity-media").inputs["policy"])
    assert written == json.loads(permissions.use_media(stack, KEY))
    assert program.outputs["media_user"] == f"arn:aws:iam::{ACCOUNT}:user/cams-staging-media"
    assert "media_role" not in program.outputs


def test_a_services_key_reaches_it_as_a_secret(declare: Declare) -> None:
    """The web service gets its user's key by the names that AWS's SDKs look for."""
    stack = from_file("staging").model_copy(update={"identity": "access_key"})

    web = declare(stack).one("WebService")

    assert web.inputs["envVars"]["AWS_ACCESS_KEY_ID"] == "identity-media-id"
    assert web.inputs["envVars"]["AWS_SECRET_ACCESS_KEY"] == "identity-media-secret-key"
    assert web.secret_inputs == {"envVars.AWS_SECRET_ACCESS_KEY"}
