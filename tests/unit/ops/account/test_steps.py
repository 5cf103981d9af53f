"""What exists once per account: looked for first, made once, never in the wrong account."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from console.errors import REFUSED, WRONG_USE, ExplainedError
from ops.account import at_aws, at_render, steps
from ops.account.prepare import account_steps
from ops.account.steps import Step
from ops.context import Doors
from ops.doors.cloud import Cloud
from ops.environments.stacks import load_all
from tests.support.account_fakes import Account, Workspace

ACCOUNT = "123456789012"
OWNER = "tea-c0ffee00000000000000"
STACKS = load_all()


def quiet(message: str) -> None:
    """Talk that nobody hears."""


def go_through(every: list[Step], *, make: bool) -> dict[str, str]:
    """Without a word."""
    return steps.go_through(every, make=make, say=quiet)


def every_step(aws: Account, render: Workspace) -> list[Step]:
    return [
        render_project(render),
        at_aws.state_key(aws.kms, ACCOUNT),
        at_aws.state_bucket(aws.s3, ACCOUNT, "eu-central-1"),
        at_aws.oidc_provider(aws.iam, ACCOUNT, "token.actions.githubusercontent.com", "GitHub"),
    ]


def render_project(render: Workspace) -> Step:
    return at_render.render_project(render, OWNER, quiet)


def test_an_empty_account_gets_everything_and_a_second_run_nothing() -> None:
    """The command can be repeated at any time."""
    aws, render = Account(), Workspace()

    first = go_through(every_step(aws, render), make=True)
    made = list(aws.made)
    second = go_through(every_step(aws, render), make=True)

    assert first == dict.fromkeys(
        [
            "Render project cams",
            "KMS key alias/cams-state in 123456789012",
            "state bucket cams-state-123456789012",
            "OIDC provider for GitHub in 123456789012",
        ],
        "made",
    )
    assert set(second.values()) == {"there"}
    assert aws.made == made
    assert len(render.sent) == 1


def test_a_provider_for_others_is_opened_to_our_audience() -> None:
    """Somebody has registered the issuer for another use: what he has stays."""
    aws = Account(things={"create_open_id_connect_provider"})
    aws.sent["create_open_id_connect_provider"] = {"ClientIDList": ["https://github.com/example"]}
    step = at_aws.oidc_provider(aws.iam, ACCOUNT, "token.actions.githubusercontent.com", "GitHub")

    looked, made, again = (go_through([step], make=make)[step.what] for make in (False, True, True))

    assert (looked, made, again) == ("missing", "made", "there")
    assert aws.made == ["add_client_id_to_open_id_connect_provider"]
    assert aws.provider() == {"ClientIDList": ["https://github.com/example", "sts.amazonaws.com"]}


def test_a_look_makes_nothing() -> None:
    """Without --yes it only says what is missing."""
    aws, render = Account(), Workspace()

    done = go_through(every_step(aws, render), make=False)

    assert list(done.values()) == ["missing"] * 4
    assert aws.made == []
    assert render.sent == []


def test_a_project_of_a_similar_name_is_not_taken_for_ours() -> None:
    """Render's filter by name is not trusted."""
    render: Any = Workspace(["cams-old"])

    step = render_project(render)

    assert step.there() is False


def test_a_project_that_somebody_renamed_gets_its_name_back() -> None:
    """A second one would make Pulumi ask for a new environment, and a protected one is not replaced."""
    render = Workspace(["exams"], databases=[("prj-x", "old", "cams-dev-db"), ("prj-1", "prod", "cams-prod-db")])
    step = render_project(render)

    assert step.there() is False
    step.make()

    assert render.sent == [("/projects/prj-1", {"name": "cams"})]
    assert step.there() is True


def test_the_project_is_made_with_its_three_environments() -> None:
    """Render takes no project without environments."""
    render: Any = Workspace()

    render_project(render).make()

    environments = [{"name": "dev"}, {"name": "staging"}, {"name": "prod"}]
    assert render.sent == [("/projects", {"name": "cams", "ownerId": OWNER, "environments": environments})]


def test_the_state_bucket_is_versioned_encrypted_and_closed() -> None:
    """The state holds what every environment is."""
    aws = Account()

    at_aws.state_bucket(aws.s3, ACCOUNT, "eu-central-1").make()

    assert aws.made == [
        "create_bucket",
        "put_bucket_versioning",
        "put_bucket_encryption",
        "put_public_access_block",
        "put_bucket_policy",
    ]
    [refused] = json.loads(aws.sent["put_bucket_policy"]["Policy"])["Statement"]
    assert (refused["Effect"], refused["Principal"], refused["Action"]) == ("Deny", "*", ["s3:*"])
    assert refused["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert aws.sent["create_bucket"]["CreateBucketConfiguration"] == {"LocationConstraint": "eu-central-1"}
    [rule] = aws.sent["put_bucket_encryption"]["ServerSideEncryptionConfiguration"]["Rules"]
    by_key = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/cams-state"}
    assert rule == {"ApplyServerSideEncryptionByDefault": by_key, "BucketKeyEnabled": True}
    assert set(aws.sent["put_public_access_block"]["PublicAccessBlockConfiguration"].values()) == {True}


def test_a_state_bucket_of_an_older_version_is_closed_to_what_is_not_tls() -> None:
    """It has all else, and keeps it."""
    aws = Account(things={"create_bucket", "put_public_access_block"})

    step = at_aws.state_bucket(aws.s3, ACCOUNT, "eu-central-1")

    assert go_through([step], make=True) == {"state bucket cams-state-123456789012": "made"}
    assert "put_bucket_policy" in aws.made
    assert "create_bucket" not in aws.made


def test_a_bucket_in_the_oldest_region_names_no_place() -> None:
    """S3 refuses us-east-1 as a LocationConstraint."""
    aws = Account()

    at_aws.state_bucket(aws.s3, ACCOUNT, "us-east-1").make()

    assert aws.sent["create_bucket"] == {"Bucket": "cams-state-123456789012"}


def test_a_bucket_that_was_left_half_made_is_finished() -> None:
    """The run that was interrupted left it open."""
    aws = Account(breaks_at="put_bucket_encryption")
    step = at_aws.state_bucket(aws.s3, ACCOUNT, "eu-central-1")
    with pytest.raises(ClientError):
        step.make()
    aws.breaks_at = ""

    assert go_through([step], make=True) == {"state bucket cams-state-123456789012": "made"}

    assert aws.made.count("create_bucket") == 1
    assert aws.made[-3:] == ["put_bucket_encryption", "put_public_access_block", "put_bucket_policy"]


def test_a_key_that_was_left_without_its_name_is_named() -> None:
    """The run that was interrupted made it; a second one would be paid for and never used."""
    aws = Account(breaks_at="create_alias")
    step = at_aws.state_key(aws.kms, ACCOUNT)
    with pytest.raises(ClientError):
        step.make()
    aws.breaks_at = ""

    step.make()

    assert aws.made == ["create_key", "enable_key_rotation", "enable_key_rotation", "create_alias"]
    assert aws.sent["create_alias"] == {"AliasName": "alias/cams-state", "TargetKeyId": "key-1"}


def test_a_refusal_is_not_taken_for_absence() -> None:
    """What may not be looked at is not made a second time."""
    aws = Account()
    kms = aws.client({"describe_key": ("create_alias", "AccessDeniedException")})

    with pytest.raises(ExplainedError, match=r"^cannot prepare the KMS key .*AccessDenied(.|\n)*hint: "):
        go_through([at_aws.state_key(kms, ACCOUNT)], make=True)

    assert aws.made == []


def test_credentials_of_another_account_are_refused() -> None:
    """Exit code 3: for safety."""
    with pytest.raises(
        ExplainedError, match=r"^refused: the credentials belong to AWS account 999999999999"
    ) as caught:
        at_aws.require_account(Account("999999999999"), ACCOUNT)

    assert caught.value.code == REFUSED


def test_no_cloud_is_touched_with_the_credentials_of_another_account() -> None:
    """Render comes first in the list, and here nothing answers in its place."""
    given = {"RENDER_API_KEY": "rnd_x", "RENDER_OWNER_ID": OWNER, "RENDER_HOST": "http://127.0.0.1:9/v1"}
    stranger = Account("999999999999")

    with pytest.raises(ExplainedError, match="refused: the credentials belong to AWS account 999999999999"):
        account_steps(
            Doors(aws=lambda cloud, region: lambda service: stranger), Cloud(given, is_local=False), STACKS, quiet
        )

    assert stranger.made == []


def test_bootstrap_without_a_key_for_render_says_where_to_get_one() -> None:
    """Wrong use, before AWS is asked for anything."""
    with pytest.raises(ExplainedError, match="RENDER_API_KEY or RENDER_OWNER_ID is not set") as caught:
        account_steps(Doors(), Cloud({"RENDER_API_KEY": "rnd_x"}, is_local=False), STACKS, quiet)

    assert caught.value.code == WRONG_USE


def test_missing_credentials_are_wrong_use() -> None:
    """With the two ways to get some."""

    class Nobody:
        def get_caller_identity(self) -> None:
            raise NoCredentialsError

    with pytest.raises(ExplainedError, match=r"there are no credentials\n\nhint: aws sso login, or export") as caught:
        at_aws.require_account(Nobody(), ACCOUNT)

    assert caught.value.code == WRONG_USE
