"""AWS's own managed policies, made when they are first asked for, and attached once each."""

from __future__ import annotations

import json
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.exceptions import NoSuchEntity
from moto.iam.models import AWSManagedPolicy, ManagedPolicy

from localcloud.aws.services.iam.checking import Given, before

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
_OF_AWS = "arn:aws:iam::aws:policy/"


def install() -> None:
    """Put all of it in place."""
    before("get_policy get_policy_version list_policy_versions", _known)
    for kind in ("user", "group", "role"):
        before(f"attach_{kind}_policy", _attachable)
    before("put_role_permissions_boundary create_role", _boundary_is_there)
    attach: Any = ManagedPolicy.attach_to

    def attach_once(self: Any, holder: Any) -> None:
        if self.arn not in holder.managed_policies:  # moto counts it again each time
            attach(self, holder)

    policies: Any = ManagedPolicy
    policies.attach_to = attach_once


def provide(iam: Any, arn: str) -> Any:
    """The managed policy of that ARN, None where there is none."""
    if arn not in iam.managed_policies and arn.startswith(_OF_AWS):
        policy = _of_aws(iam, arn)
        if policy:
            iam.managed_policies[arn] = policy
    return iam.managed_policies.get(arn)


def _of_aws(iam: Any, arn: str) -> Any:
    name = arn.rpartition("/")[2]
    # All of them are 15 MB as objects: only the one is read out of moto's text.
    at = aws_managed_policies_data.find(f'\n "{name}":{{')
    if at < 0:
        return None
    start = aws_managed_policies_data.index("{", at)
    data, _ = json.JSONDecoder().raw_decode(aws_managed_policies_data, start)
    policy = AWSManagedPolicy.from_data(name, iam.account_id, iam.region_name, data)
    return policy if policy.arn == arn else None


def _known(iam: Any, given: Given) -> None:
    provide(iam, given["policy_arn"])


def _attachable(iam: Any, given: Given) -> None:
    if provide(iam, given["policy_arn"]) is None:
        raise NoSuchEntity(f"Policy {given['policy_arn']} does not exist or is not attachable.")


def _boundary_is_there(iam: Any, given: Given) -> None:
    arn = given.get("permissions_boundary")
    if arn and iam.policy_arn_regex.match(arn) and provide(iam, arn) is None:
        raise NoSuchEntity(f"Scope ARN: {arn} does not exist or is not attachable.")
