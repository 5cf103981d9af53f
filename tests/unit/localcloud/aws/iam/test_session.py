"""What a session is given beside its role, and what it hands on to the next of a chain."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from localcloud.aws.caller import Caller
from localcloud.aws.iam import session
from localcloud.aws.replies import AwsError
from tests.support.asking import ACCOUNT

ROLE: Any = SimpleNamespace(account_id=ACCOUNT, arn=f"arn:aws:iam::{ACCOUNT}:role/next")
CHAINED = Caller(
    "role",
    ACCOUNT,
    f"arn:aws:sts::{ACCOUNT}:assumed-role/first/some",
    "AROAFIRST:some",
    session_tags={"Team": "red", "own": "yes"},
    transitive_tags=("Team",),
    source_identity="ann",
)


def asked(**given: Any) -> session.Session | str:
    """The next session of the chain, or the code with which it is refused."""
    try:
        return session.asked(CHAINED, ROLE, given)
    except AwsError as problem:
        return problem.query[0]


def tags(**pairs: str) -> list[dict[str, str]]:
    """As the API has them."""
    return [{"Key": key, "Value": value} for key, value in pairs.items()]


def test_a_chain_hands_on_what_is_transitive() -> None:
    """The tag that is, and whose session it really is; new tags are added."""
    made = asked(Tags=tags(kind="x"), TransitiveTagKeys=["kind"])

    assert isinstance(made, session.Session)
    assert made.tags == {"Team": "red", "kind": "x"}
    assert made.transitive == ("Team", "kind")
    assert made.source_identity == "ann"


def test_what_was_handed_on_is_not_said_again() -> None:
    """Whatever its letters' size; a tag that stayed behind may be."""
    assert asked(Tags=tags(team="blue")) == "ValidationError"
    assert asked(Tags=tags(TEAM="red")) == "ValidationError"
    assert isinstance(asked(Tags=tags(own="no")), session.Session)


def test_nobody_becomes_somebody_else_in_a_chain() -> None:
    """The source identity is the first session's, for good."""
    assert asked(SourceIdentity="bob") == "AccessDenied"
    assert isinstance(asked(SourceIdentity="ann"), session.Session)


def test_tags_that_no_session_has() -> None:
    """One twice, one of AWS's own, one that is handed on and not given."""
    assert asked(Tags=tags(a="1", A="2")) == "InvalidInput"
    assert asked(Tags=tags(**{"AWS:a": "1"})) == "ValidationError"
    assert asked(Tags=tags(a="1"), TransitiveTagKeys=["b"]) == "ValidationError"
