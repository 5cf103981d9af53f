"""Whether a role's trust policy lets the bearer of a token take the role."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from moto.iam.models import Role

from localcloud.aws.iam import context
from localcloud.aws.iam.ask import Ask, ResourcePolicy, Values
from localcloud.aws.iam.document import Context
from localcloud.aws.iam.evaluation import Policies, evaluate
from localcloud.aws.iam.principal import Principal
from localcloud.aws.oidc.identity import WebIdentity

ACTION = "sts:AssumeRoleWithWebIdentity"
TAGGING = "sts:TagSession"
NAMING = "sts:SetSourceIdentity"


def allows(role: Role, who: WebIdentity, keys: Context, given: Mapping[str, Any]) -> bool:
    """Every action that the token asks for, by the condition keys of the call and the token."""
    written: Any = role.assume_role_policy_document
    policy = written if isinstance(written, str) else json.dumps(written)
    trust = ResourcePolicy(policy, role.account_id, gate=True)
    tags, source = given["Tags"], given["SourceIdentity"]
    told: dict[str, Values] = {f"aws:RequestTag/{tag['Key']}": tag["Value"] for tag in tags}
    told |= {"aws:TagKeys": [tag["Key"] for tag in tags]} if tags else {}
    told |= {"sts:SourceIdentity": source} if source else {}
    asked = context.merged(keys, told)
    bearer = Principal.federated(who.provider, role.account_id)
    actions = [ACTION, *([TAGGING] if tags else []), *([NAMING] if source else [])]
    return all(evaluate(Policies(), bearer, Ask(action, role.arn, {}, trust), asked).allowed for action in actions)
