"""Whether a role's trust policy lets the bearer of a token take the role."""

from __future__ import annotations

import json
from typing import Any

from moto.iam.models import Role

from localcloud.aws.iam import context
from localcloud.aws.iam.ask import Ask, ResourcePolicy
from localcloud.aws.iam.document import Context
from localcloud.aws.iam.evaluation import Policies, evaluate
from localcloud.aws.iam.principal import Principal
from localcloud.aws.oidc.identity import WebIdentity

ACTION = "sts:AssumeRoleWithWebIdentity"
TAGGING = "sts:TagSession"


def allows(role: Role, who: WebIdentity, keys: Context, tags: dict[str, str]) -> bool:
    """Every action that the token asks for, by the condition keys of the call and the token."""
    written: Any = role.assume_role_policy_document
    policy = written if isinstance(written, str) else json.dumps(written)
    trust = ResourcePolicy(policy, role.account_id, gate=True)
    asked = context.merged(keys, {f"aws:RequestTag/{key}": value for key, value in tags.items()})
    bearer = Principal.federated(who.provider, role.account_id)
    actions = [ACTION, TAGGING] if tags else [ACTION]
    return all(evaluate(Policies(), bearer, Ask(action, role.arn, {}, trust), asked).allowed for action in actions)
