"""What a protected branch refuses, case by case."""

from __future__ import annotations

import pytest

from localcloud.github.git.repository import ZERO
from localcloud.github.protection.model import Protection
from localcloud.github.protection.rules import Push, push_refusal, unmet_checks

OLD, NEW = "a" * 40, "b" * 40
RULES = Protection(id="r main", repository="r", branch="main", reviews=1, checks=("ci",), enforce_admins=True)
LOCKED = "Cannot change this locked branch"
REVIEW, CHECK = "Changes must be made through a pull request.", 'Required status check "ci" is expected.'
FORCE, DELETE = "Cannot force-push to this branch", "Cannot delete this branch"


@pytest.mark.parametrize(
    ("changes", "push", "said", "admin", "refusal"),
    [
        ({}, Push(OLD, NEW), {}, True, [REVIEW, CHECK]),
        ({}, Push(OLD, NEW), {"ci": "success"}, True, [REVIEW]),
        ({"reviews": None}, Push(OLD, NEW), {"ci": "success"}, False, []),
        ({"checks": None}, Push(OLD, NEW), {}, False, [REVIEW]),
        ({"enforce_admins": False}, Push(OLD, NEW), {}, True, []),
        ({"enforce_admins": False}, Push(OLD, NEW), {}, False, [REVIEW, CHECK]),
        ({"enforce_admins": False}, Push(OLD, NEW, forced=True), {}, True, [FORCE]),
        ({"enforce_admins": False}, Push(OLD, ZERO), {}, True, [DELETE]),
        ({"allow_force_pushes": True, "reviews": None, "checks": None}, Push(OLD, NEW, forced=True), {}, False, []),
        ({"allow_deletions": True}, Push(OLD, ZERO), {}, False, []),
        ({"lock_branch": True, "reviews": None, "checks": None}, Push(OLD, NEW), {}, True, [LOCKED]),
    ],
)  # fmt: skip
def test_a_push_is_refused_for_each_rule_that_it_breaks(
    changes: dict[str, object], push: Push, said: dict[str, str], admin: bool, refusal: list[str]
) -> None:
    """An administrator is held to reviews and checks only where the branch says so."""
    protection = RULES.model_copy(update=changes)

    assert push_refusal(protection, push, said, admin=admin) == refusal


def test_a_branch_without_rules_refuses_nothing() -> None:
    """Also neither force nor deletion."""
    assert push_refusal(None, Push(OLD, ZERO), {}, admin=False) == []


def test_each_check_is_told_by_what_it_lacks() -> None:
    """Nothing said is expected, not failing."""
    protection = RULES.model_copy(update={"checks": ("a", "b", "c", "d", "e")})

    told = unmet_checks(protection, {"a": "success", "b": "failure", "c": "pending", "d": "error"})

    assert told == [
        'Required status check "b" is failing.',
        'Required status check "c" is pending.',
        'Required status check "d" is failing.',
        'Required status check "e" is expected.',
    ]
