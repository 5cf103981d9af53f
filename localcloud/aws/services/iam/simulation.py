"""The policy simulator: what policies would say, asked of the engine that decides on real calls.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.exceptions import InvalidInput, NoSuchEntity
from moto.iam.models import Group
from moto.iam.responses import IamResponse

from localcloud.aws.caller import Caller
from localcloud.aws.iam import context, holdings
from localcloud.aws.iam.ask import Ask, ResourcePolicy
from localcloud.aws.iam.document import Context, read
from localcloud.aws.iam.evaluation import Policies, evaluate
from localcloud.aws.iam.grammar import IdentityPolicy
from localcloud.aws.iam.principal import Principal
from localcloud.machine import clock

_DECISIONS = {"allow": "allowed", "explicit deny": "explicitDeny", "implicit deny": "implicitDeny"}


def install() -> None:
    """moto has no simulator."""
    answers: Any = IamResponse
    answers.simulate_principal_policy = _of_principal
    answers.simulate_custom_policy = _of_documents


def _of_principal(self: Any) -> ActionResult:
    given, arn = self.params, str(self.params["PolicySourceArn"])
    holder = next((each for each in _holders(self.backend) if each.arn == arn), None)
    if holder is None:
        raise NoSuchEntity(f"The entity {arn} cannot be found.")
    policies = holdings.policies_of_holder(holder)
    return _simulated(self, given, policies, str(given.get("CallerArn") or arn), holder)


def _of_documents(self: Any) -> ActionResult:
    given = self.params
    caller_arn = given.get("CallerArn") or f"arn:aws:iam::{self.current_account}:user/simulated"
    return _simulated(self, given, Policies(), str(caller_arn), None)


def _holders(iam: Any) -> Iterator[Any]:
    yield from iam.users.values()
    yield from iam.roles.values()
    yield from iam.groups.values()


def _simulated(self: Any, given: Mapping[str, Any], held: Policies, arn: str, holder: Any) -> ActionResult:
    more = given.get("PolicyInputList") or []
    boundaries = given.get("PermissionsBoundaryPolicyInputList") or []
    for text in (*more, *boundaries):
        IdentityPolicy(text).validate()
    if len(boundaries) > 1:
        raise InvalidInput("Only one permissions boundary can be simulated.")
    policies = replace(
        held,
        identity=(*held.identity, *map(read, more)),
        boundary=read(boundaries[0]) if boundaries else held.boundary,
    )
    caller = _caller(arn, self.current_account, holder)
    keys = context.normal({**context.of_caller(caller), "aws:CurrentTime": clock.now().isoformat(), **_said(given)})
    results = [
        _result(policies, Principal.of(caller), ask, keys)
        for action in given["ActionNames"]
        for ask in _asks(given, action, self.current_account)
    ]
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})


def _caller(arn: str, account: str, holder: Any) -> Caller:
    name = "" if isinstance(holder, Group) else getattr(holder, "id", "")
    if ":role/" not in arn:
        return Caller("user", account, arn, name)
    session = f"arn:aws:sts::{account}:assumed-role/{arn.rpartition('/')[2]}/simulated"
    return Caller("role", account, session, f"{name}:simulated", role_arn=arn)


def _said(given: Mapping[str, Any]) -> dict[str, list[str]]:
    return {entry["ContextKeyName"]: entry.get("ContextKeyValues", []) for entry in given.get("ContextEntries") or ()}


def _asks(given: Mapping[str, Any], action: str, account: str) -> Iterator[Ask]:
    policy, owner = given.get("ResourcePolicy"), given.get("ResourceOwner") or account
    hung = ResourcePolicy(policy, owner.split(":")[4] if ":" in owner else owner) if policy else None
    for resource in given.get("ResourceArns") or ["*"]:
        yield Ask(action, resource, resource_policy=hung)


def _result(policies: Policies, principal: Principal, ask: Ask, keys: Context) -> dict[str, Any]:
    decision = evaluate(policies, principal, ask, keys)
    result: dict[str, Any] = {
        "EvalActionName": ask.action,
        "EvalResourceName": ask.resource,
        "EvalDecision": _DECISIONS[decision.effect],
        "MatchedStatements": [],
        "MissingContextValues": sorted(_missing(policies, keys)),
    }
    if policies.boundary:
        bound = evaluate(replace(policies, identity=[policies.boundary]), principal, ask, keys).allowed
        result["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": bound}
    return result


def _missing(policies: Policies, keys: Context) -> set[str]:
    documents = (*policies.identity, *([policies.boundary] if policies.boundary else []))
    return {
        condition.key
        for document in documents
        for statement in document.statements
        for condition in statement.conditions
        if condition.key not in keys
    }
