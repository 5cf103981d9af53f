"""What previews have in AWS, made once by a person: the role of their workflow, and where their state is."""

from __future__ import annotations

import json
from typing import Any

from infra import preview_rights, trust
from infra.preview import Previews
from ops.account.at_aws import ABSENT, require_account, state_bucket, state_key
from ops.account.steps import Step
from ops.context import Doors
from ops.doors import aws
from ops.doors.cloud import Cloud

POLICY = "deploy"


def account_steps(doors: Doors, cloud: Cloud, previews: Previews) -> list[Step]:
    """In the order in which they are gone through."""
    client, names, account = doors.aws(cloud, previews.aws.region), previews.names, previews.aws.account
    require_account(client("sts"), account)
    tags = {"Project": names.project, "Environment": names.environment, "ManagedBy": "bootstrap"}
    return [
        state_key(client("kms"), account, alias=names.key_alias, tags=tags),
        state_bucket(client("s3"), account, previews.aws.region, bucket=names.bucket("state"), alias=names.key_alias),
        role(client("iam"), previews, tags),
    ]


def role(iam: Any, previews: Previews, tags: dict[str, str]) -> Step:
    """Taken by the workflow of the reviewed branch alone; one that says otherwise than our files is corrected."""
    name = previews.names.identity("deploy")
    trusted, rights = trust.github(previews), preview_rights.deploy(previews)

    def there() -> bool:
        found = aws.answer(lambda: iam.get_role(RoleName=name), unless=ABSENT)
        policy = aws.answer(lambda: iam.get_role_policy(RoleName=name, PolicyName=POLICY), unless=ABSENT)
        if found is None or policy is None:
            return False
        said = (found["Role"]["AssumeRolePolicyDocument"], policy["PolicyDocument"])
        return said == (json.loads(trusted), json.loads(rights))

    def make() -> None:
        if aws.answer(lambda: iam.get_role(RoleName=name), unless=ABSENT) is None:
            listed = [{"Key": key, "Value": value} for key, value in tags.items()]
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusted, MaxSessionDuration=3600, Tags=listed)
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=trusted)
        iam.put_role_policy(RoleName=name, PolicyName=POLICY, PolicyDocument=rights)

    return Step(f"role {name} in {previews.aws.account}", there, make)
