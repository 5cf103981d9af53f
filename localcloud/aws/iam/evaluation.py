"""The decision: every policy that speaks of an ask, joined as AWS documents it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from localcloud.aws.iam.ask import Ask
from localcloud.aws.iam.decision import Decision, Kind
from localcloud.aws.iam.document import Context, Document, read
from localcloud.aws.iam.principal import Naming, Principal

_ALLOW, _DENY = "Allow", "Deny"


@dataclass(frozen=True)
class Policies:
    """What an identity holds. Boundary and session policies allow nothing by themselves; None sets no bound."""

    identity: Sequence[Document] = ()
    boundary: Document | None = None
    session: Sequence[Document] | None = None


def evaluate(policies: Policies, principal: Principal, ask: Ask, context: Context) -> Decision:
    """What all policies together say to one ask; `context` has all condition keys, in small letters."""
    resource_policy = read(ask.resource_policy.document) if ask.resource_policy else Document()
    denied = _denied_by(policies, resource_policy, principal, ask, context)
    if denied:
        return Decision("explicit deny", denied)
    naming = Naming.DIRECTLY if ask.granted else _naming(resource_policy, principal, ask, context)
    gated = ask.resource_policy is not None and ask.resource_policy.gate
    if naming is Naming.NOT and (gated or _owner(ask, principal) != principal.account):
        return Decision("implicit deny", "resource-based")
    if principal.kind in ("service", "federated", "anonymous"):
        return _decision(None if naming is not Naming.NOT else "resource-based", "resource-based")
    if principal.kind == "root":
        return Decision("allow", "identity-based")
    if naming is Naming.DIRECTLY and _owner(ask, principal) == principal.account:
        return Decision("allow", "resource-based")
    by_resource = naming is Naming.BY_ROLE and _owner(ask, principal) == principal.account
    return _decision(_missing(policies, ask, context, by_resource=by_resource), "identity-based")


def _decision(missing: Kind | None, giver: Kind) -> Decision:
    return Decision("implicit deny", missing) if missing else Decision("allow", giver)


def _owner(ask: Ask, principal: Principal) -> str:
    if ask.resource_policy:
        return ask.resource_policy.account
    return ask.owner or _account(ask.resource) or principal.account


def _account(arn: str) -> str:
    fields = arn.split(":", 5)
    return fields[4] if len(fields) == 6 and len(fields[4]) == 12 else ""


def _denied_by(
    policies: Policies, resource_policy: Document, principal: Principal, ask: Ask, context: Context
) -> Kind | None:
    held: Mapping[Kind, Iterable[Document]] = {
        "identity-based": policies.identity,
        "permissions boundary": [policies.boundary] if policies.boundary else [],
        "session": policies.session or [],
    }
    for kind, documents in held.items():
        if _any(_DENY, documents, ask, context):
            return kind
    for statement in resource_policy.statements:
        if statement.effect == _DENY and statement.applies(ask.action, ask.resource, context):
            principals = statement.principals or {}
            if not principal.excepted(principals) if statement.not_principal else principal.named(principals):
                return "resource-based"
    return None


def _any(effect: str, documents: Iterable[Document], ask: Ask, context: Context) -> bool:
    return any(
        statement.effect == effect and statement.applies(ask.action, ask.resource, context)
        for document in documents
        for statement in document.statements
    )


def _naming(resource_policy: Document, principal: Principal, ask: Ask, context: Context) -> Naming:
    found = Naming.NOT
    for statement in resource_policy.statements:
        if statement.effect != _ALLOW:
            continue
        naming = principal.named(statement.principals or {})
        if statement.not_principal:
            naming = Naming.NOT if naming else Naming.DIRECTLY
        if naming > found and statement.applies(ask.action, ask.resource, context):
            found = naming
    return found


def _missing(policies: Policies, ask: Ask, context: Context, *, by_resource: bool) -> Kind | None:
    """The first kind of policy that would have to allow it and does not."""
    if not by_resource and not _any(_ALLOW, policies.identity, ask, context):
        return "identity-based"
    if policies.boundary and not _any(_ALLOW, [policies.boundary], ask, context):
        return "permissions boundary"
    if policies.session is not None and not _any(_ALLOW, policies.session, ask, context):
        return "session"
    return None
