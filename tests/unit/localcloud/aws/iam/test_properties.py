"""What holds for all policies: order, denies and bounds."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from localcloud.aws.caller import Caller
from localcloud.aws.iam.ask import Ask
from localcloud.aws.iam.decision import Decision
from localcloud.aws.iam.document import read
from localcloud.aws.iam.evaluation import Policies, evaluate
from localcloud.aws.iam.principal import Principal
from tests.support.policies import ACTION, HERE, RESOURCE, ROOT, SESSION, STRANGER, USER, document

ANY_MACHINE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # as busy as it may be
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


@ANY_MACHINE
@given(some.lists(STATEMENTS, max_size=4), CALLERS, CONTEXTS, some.randoms())
def test_the_order_of_statements_never_counts(
    statements: list[dict[str, Any]], caller: Caller, keys: Any, chance: Any
) -> None:
    """However they are shuffled, the decision is the same."""
    before = _decided(statements, caller, keys)
    chance.shuffle(statements)

    assert _decided(statements, caller, keys) == before


@ANY_MACHINE
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


@ANY_MACHINE
@given(some.lists(STATEMENTS, max_size=3), some.lists(STATEMENTS, max_size=3), CALLERS, CONTEXTS)
def test_a_bound_never_widens(
    statements: list[dict[str, Any]], bound: list[dict[str, Any]], caller: Caller, keys: Any
) -> None:
    """A boundary or a session policy only takes away."""
    free = _decided(statements, caller, keys)

    bounded = _decided(statements, caller, keys, boundary=read(document(*bound)))
    in_session = _decided(statements, caller, keys, session=[read(document(*bound))])

    assert free.allowed or not (bounded.allowed or in_session.allowed)
