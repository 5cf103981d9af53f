"""The decision of all policies together, for each kind of principal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from localcloud.aws.caller import ANONYMOUS, Caller
from localcloud.aws.iam.ask import Ask, ResourcePolicy
from localcloud.aws.iam.document import Document, read
from localcloud.aws.iam.evaluation import Policies, evaluate
from localcloud.aws.iam.principal import Principal
from tests.support.policies import (
    ACTION,
    ALARMS,
    HERE,
    RESOURCE,
    ROLE_ARN,
    ROOT,
    SESSION,
    SESSION_ARN,
    STRANGER,
    THERE,
    USER,
    USER_ARN,
    document,
    says,
)

NO_IDENTITY = "implicit deny: identity-based"
ALLOW, DENY = read(document(says("Allow"))), read(document(says("Deny")))
OTHER = read(document(says("Allow", "s3:PutObject")))


def judged(
    caller: Caller,
    *identity: Document,
    boundary: Document | None = None,
    session: Sequence[Document] | None = None,
    principal: Any = None,
    effect: str = "Allow",
    owner: str = HERE,
    **rest: Any,
) -> str:
    """What is decided, in two words; `principal` is whom a resource policy names."""
    policy = None
    if principal is not None or "NotPrincipal" in rest:
        names = {"NotPrincipal": rest.pop("NotPrincipal")} if "NotPrincipal" in rest else {"Principal": principal}
        policy = ResourcePolicy(document({**says(effect), **names}), owner, gate=rest.pop("gate", False))
    ask = Ask(ACTION, RESOURCE, resource_policy=policy, owner=owner, **rest)
    decision = evaluate(Policies(identity, boundary, session), Principal.of(caller), ask, {})
    return "allow" if decision.allowed else f"{decision.effect}: {decision.kind}"


@pytest.mark.parametrize("caller", [USER, SESSION])
def test_identities_policies(caller: Caller) -> None:
    """Nothing is allowed by itself, a deny wins, and bounds only take away."""
    assert judged(caller) == "implicit deny: identity-based"
    assert judged(caller, OTHER) == "implicit deny: identity-based"
    assert judged(caller, ALLOW) == "allow"
    assert judged(caller, ALLOW, DENY) == "explicit deny: identity-based"
    assert judged(caller, boundary=ALLOW) == "implicit deny: identity-based"
    assert judged(caller, ALLOW, boundary=ALLOW) == "allow"
    assert judged(caller, ALLOW, boundary=OTHER) == "implicit deny: permissions boundary"
    assert judged(caller, ALLOW, boundary=DENY) == "explicit deny: permissions boundary"
    assert judged(caller, ALLOW, session=[OTHER, ALLOW]) == "allow"
    assert judged(caller, ALLOW, session=[OTHER]) == "implicit deny: session"
    assert judged(caller, ALLOW, session=[ALLOW, DENY]) == "explicit deny: session"


@pytest.mark.parametrize(
    ("caller", "principal", "plain", "bounded"),
    [
        (USER, "*", "allow", "allow"),
        (USER, {"AWS": "*"}, "allow", "allow"),
        (USER, {"AWS": USER_ARN}, "allow", "allow"),
        (USER, {"AWS": "AIDAANN"}, "allow", "allow"),
        (USER, {"AWS": HERE}, NO_IDENTITY, NO_IDENTITY),
        (USER, {"AWS": f"arn:aws:iam::{HERE}:root"}, NO_IDENTITY, NO_IDENTITY),
        (USER, {"AWS": THERE}, NO_IDENTITY, NO_IDENTITY),
        (USER, {"AWS": f"arn:aws:iam::{HERE}:user/bob"}, NO_IDENTITY, NO_IDENTITY),
        (USER, {"Service": "cloudwatch.amazonaws.com"}, NO_IDENTITY, NO_IDENTITY),
        (SESSION, "*", "allow", "allow"),
        (SESSION, {"AWS": SESSION_ARN}, "allow", "allow"),
        (SESSION, {"AWS": ROLE_ARN}, "allow", "implicit deny: permissions boundary"),
        (SESSION, {"AWS": "AROABACKUP"}, "allow", "implicit deny: permissions boundary"),
        (SESSION, {"AWS": HERE}, NO_IDENTITY, NO_IDENTITY),
        (ROOT, {"AWS": HERE}, "allow", "allow"),
        (ALARMS, {"Service": "cloudwatch.amazonaws.com"}, "allow", "allow"),
        (ALARMS, {"Service": "s3.amazonaws.com"}, "implicit deny: resource-based", "implicit deny: resource-based"),
        (ANONYMOUS, "*", "allow", "allow"),
        (ANONYMOUS, {"AWS": HERE}, "implicit deny: resource-based", "implicit deny: resource-based"),
    ],
)  # fmt: skip
def test_a_resources_policy_in_the_account(caller: Caller, principal: Any, plain: str, bounded: str) -> None:
    """Whom it names himself needs nothing else; a role's sessions are bound; an account only gives leave to give."""
    assert judged(caller, principal=principal) == plain
    assert judged(caller, principal=principal, boundary=OTHER) == bounded


def test_session_policies_bind_what_a_role_was_given() -> None:
    """But not what its session was given by name."""
    assert judged(SESSION, principal={"AWS": ROLE_ARN}, session=[OTHER]) == "implicit deny: session"
    assert judged(SESSION, principal={"AWS": SESSION_ARN}, session=[OTHER]) == "allow"


@pytest.mark.parametrize(
    "principal", ["*", {"AWS": HERE}, {"AWS": USER_ARN}, {"AWS": ["x", f"arn:aws:iam::{HERE}:root"]}]
)
def test_a_resources_deny(principal: Any) -> None:
    """It stops whoever it means, by whichever name, also an administrator and the account's root."""
    caller = USER

    assert judged(caller, ALLOW, principal=principal, effect="Deny") == "explicit deny: resource-based"
    if principal != {"AWS": USER_ARN}:
        assert judged(ROOT, principal=principal, effect="Deny") == "explicit deny: resource-based"


@pytest.mark.parametrize(
    ("caller", "excepted", "expected"),
    [
        (USER, [USER_ARN, f"arn:aws:iam::{HERE}:root"], "allow"),
        (USER, [USER_ARN], "explicit deny: resource-based"),
        (USER, [HERE], "explicit deny: resource-based"),
        (SESSION, [SESSION_ARN, ROLE_ARN, HERE], "allow"),
        (SESSION, [ROLE_ARN, HERE], "explicit deny: resource-based"),
        (ROOT, [HERE], "allow"),
    ],
)
def test_everybody_but(caller: Caller, excepted: list[str], expected: str) -> None:
    """A `NotPrincipal` must name the account, the role and the session, too."""
    assert judged(caller, ALLOW, NotPrincipal={"AWS": excepted}, effect="Deny") == expected


@pytest.mark.parametrize(
    ("principal", "identity", "expected"),
    [
        (None, [ALLOW], "implicit deny: resource-based"),
        ({"AWS": THERE}, [], "implicit deny: identity-based"),
        ({"AWS": THERE}, [ALLOW], "allow"),
        ({"AWS": STRANGER.arn}, [], "implicit deny: identity-based"),
        ({"AWS": STRANGER.arn}, [ALLOW], "allow"),
        ("*", [], "implicit deny: identity-based"),
        ("*", [ALLOW], "allow"),
        ({"AWS": HERE}, [ALLOW], "implicit deny: resource-based"),
    ],
)
def test_another_accounts_identity_needs_both_sides(principal: Any, identity: list[Document], expected: str) -> None:
    """Its own account's policies, and the resource's."""
    assert judged(STRANGER, *identity, principal=principal) == expected


@pytest.mark.parametrize(
    ("caller", "principal", "identity", "expected"),
    [
        (USER, {"AWS": f"arn:aws:iam::{HERE}:root"}, [ALLOW], "allow"),
        (USER, {"AWS": f"arn:aws:iam::{HERE}:root"}, [], "implicit deny: identity-based"),
        (USER, {"AWS": USER_ARN}, [], "allow"),
        (USER, {"AWS": ROLE_ARN}, [ALLOW], "implicit deny: resource-based"),
        (SESSION, {"AWS": ROLE_ARN}, [], "allow"),
        (ROOT, {"AWS": ROLE_ARN}, [], "implicit deny: resource-based"),
        (ROOT, {"AWS": HERE}, [], "allow"),
        (STRANGER, {"AWS": THERE}, [ALLOW], "allow"),
        (STRANGER, {"AWS": THERE}, [], "implicit deny: identity-based"),
    ],
)
def test_a_key_lets_in_whom_its_policy_does(
    caller: Caller, principal: Any, identity: list[Document], expected: str
) -> None:
    """The account's policies count only where the key's policy names the account."""
    assert judged(caller, *identity, principal=principal, gate=True) == expected


def test_a_grant_lets_in_whom_no_policy_does() -> None:
    """Unless one denies."""
    assert judged(USER, principal={"AWS": ROLE_ARN}, gate=True, granted=True) == "allow"
    assert judged(USER, DENY, principal={"AWS": ROLE_ARN}, gate=True, granted=True) == "explicit deny: identity-based"


def test_a_token_is_trusted_by_its_provider() -> None:
    """A trust policy names the provider, not the account."""
    provider = f"arn:aws:iam::{HERE}:oidc-provider/token.example"
    trust = document({"Effect": "Allow", "Principal": {"Federated": provider}, "Action": ACTION})
    ask = Ask(ACTION, ROLE_ARN, resource_policy=ResourcePolicy(trust, HERE, gate=True))

    good = evaluate(Policies(), Principal.federated(provider, HERE), ask, {})
    other = evaluate(Policies(), Principal.federated(provider + "x", HERE), ask, {})

    assert (good.effect, other.effect) == ("allow", "implicit deny")
