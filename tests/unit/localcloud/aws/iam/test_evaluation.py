"""The decision of all policies together, for each kind of principal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from localcloud.aws.caller import ANONYMOUS, Caller
from localcloud.aws.iam.ask import Ask, ResourcePolicy
from localcloud.aws.iam.decision import Decision
from localcloud.aws.iam.document import Document, read
from localcloud.aws.iam.evaluation import Policies, evaluate
from localcloud.aws.iam.principal import Principal

HERE, THERE = "123456789012", "999999999999"
USER_ARN, ROLE_ARN = f"arn:aws:iam::{HERE}:user/ann", f"arn:aws:iam::{HERE}:role/path/backup"
SESSION_ARN = f"arn:aws:sts::{HERE}:assumed-role/backup/nightly"
USER = Caller("user", HERE, USER_ARN, "AIDAANN")
SESSION = Caller("role", HERE, SESSION_ARN, "AROABACKUP:nightly", role_arn=ROLE_ARN)
ROOT = Caller("root", HERE, f"arn:aws:iam::{HERE}:root", HERE)
STRANGER = Caller("user", THERE, f"arn:aws:iam::{THERE}:user/eve", "AIDAEVE")
ALARMS = Caller("service", "", "cloudwatch.amazonaws.com", "")
NO_IDENTITY = "implicit deny: identity-based"
ACTION, RESOURCE = "s3:GetObject", "arn:aws:s3:::bucket/key"


def document(*statements: dict[str, Any]) -> str:
    """A policy of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def says(effect: str, action: str = ACTION, **elements: Any) -> dict[str, Any]:
    """A statement of an identity's policy."""
    return {"Effect": effect, "Action": action, "Resource": "*", **elements}


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


STATEMENTS = some.fixed_dictionaries(
    {
        "Effect": some.sampled_from(["Allow", "Deny"]),
        "Action": some.sampled_from(["*", "s3:*", ACTION, "s3:Put*"]),
        "Resource": some.sampled_from(["*", "arn:aws:s3:::bucket/*", RESOURCE, "arn:aws:s3:::other"]),
    },
    optional={"Condition": some.sampled_from([{"StringEquals": {"k:a": "x"}}, {"StringNotLike": {"k:a": "x*"}}])},
)
CONTEXTS = some.sampled_from([{}, {"k:a": ["x"]}, {"k:a": ["y"]}])
CALLERS = some.sampled_from([USER, SESSION, ROOT, STRANGER])


def _decided(statements: list[dict[str, Any]], caller: Caller, keys: Any, **bounds: Any) -> Decision:
    ask = Ask(ACTION, RESOURCE, owner=HERE)
    policies = Policies([read(document(*statements))], **bounds)
    return evaluate(policies, Principal.of(caller), ask, keys)


@given(some.lists(STATEMENTS, max_size=4), CALLERS, CONTEXTS, some.randoms())
def test_the_order_of_statements_never_counts(
    statements: list[dict[str, Any]], caller: Caller, keys: Any, chance: Any
) -> None:
    """However they are shuffled, the decision is the same."""
    before = _decided(statements, caller, keys)
    chance.shuffle(statements)

    assert _decided(statements, caller, keys) == before


@given(some.lists(STATEMENTS, max_size=4), STATEMENTS, CALLERS, CONTEXTS)
def test_a_deny_never_widens(
    statements: list[dict[str, Any]], more: dict[str, Any], caller: Caller, keys: Any
) -> None:
    """What was refused stays refused with one more deny, and what was denied stays denied with one more allow."""
    before = _decided(statements, caller, keys)

    with_deny = _decided([*statements, {**more, "Effect": "Deny"}], caller, keys)
    with_allow = _decided([*statements, {**more, "Effect": "Allow"}], caller, keys)

    assert before.allowed or not with_deny.allowed
    assert before.effect != "explicit deny" or with_allow.effect == "explicit deny"


@given(some.lists(STATEMENTS, max_size=3), some.lists(STATEMENTS, max_size=3), CALLERS, CONTEXTS)
def test_a_bound_never_widens(
    statements: list[dict[str, Any]], bound: list[dict[str, Any]], caller: Caller, keys: Any
) -> None:
    """A boundary or a session policy only takes away."""
    free = _decided(statements, caller, keys)

    bounded = _decided(statements, caller, keys, boundary=read(document(*bound)))
    in_session = _decided(statements, caller, keys, session=[read(document(*bound))])

    assert free.allowed or not (bounded.allowed or in_session.allowed)
