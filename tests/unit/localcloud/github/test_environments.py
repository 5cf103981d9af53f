"""Which refs may deploy to an environment, and who lets a waiting run go on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from localcloud.github.access.caller import Caller
from localcloud.github.api.errors import ApiError
from localcloud.github.environments.approvals import ReviewPost, review, state_of, wait, waiting
from localcloud.github.environments.model import BranchPolicy, Environment, may_deploy
from localcloud.github.protection.model import Protection
from localcloud.github.repositories.life import origin
from localcloud.github.store import GitHub, now
from localcloud.machine import clock

ALICE, BOB = (Caller(login=name, role="write") for name in ("alice", "bob"))


def environment(hub: GitHub, **fields: Any) -> Environment:
    """One with these rules."""
    repository, moment = origin(hub), now()
    own = {"id": f"{repository.id} prod", "repository": repository.id, "name": "prod", "number": 7}
    return hub.store.put(Environment(**{**own, "created_at": moment, "updated_at": moment, **fields}))


@pytest.mark.parametrize(
    ("branches", "ref", "allowed"),
    [
        ("all", "refs/heads/x", True),
        ("protected", "refs/heads/main", True),
        ("protected", "refs/heads/x", False),
        ("protected", "refs/tags/main", False),
        ("custom", "refs/heads/release/1", True),
        ("custom", "refs/heads/release/1/2", False),
        ("custom", "refs/heads/v1", False),
        ("custom", "refs/tags/v1", True),
        ("custom", "refs/pull/1/merge", False),
    ],
)
def test_a_ref_deploys_where_the_policy_lets_it(hub: GitHub, branches: str, ref: str, allowed: bool) -> None:
    """A star matches within one part of a name; a tag is no branch."""
    repository = origin(hub)
    hub.store.put(Protection(id=f"{repository.id} main", repository=repository.id, branch="main"))
    policies = (BranchPolicy(number=1, name="release/*"), BranchPolicy(number=2, name="v*", type="tag"))

    made = environment(hub, branches=branches, policies=policies if branches == "custom" else ())

    assert may_deploy(hub, repository, made, ref) is allowed


def test_a_run_waits_until_a_reviewer_lets_it_go_on(hub: GitHub) -> None:
    """Nobody else can; what was said holds when the run is started again."""
    made = environment(hub, reviewers=("alice",))
    pending = wait(hub, made, 1, 1, "bob")

    with pytest.raises(ApiError) as caught:
        review(hub, 1, BOB, ReviewPost(environment_ids=[7], state="approved", comment=""))
    before = waiting(hub, 1)
    review(hub, 1, ALICE, ReviewPost(environment_ids=[7], state="approved", comment="fine"))

    assert caught.value.status == 403
    assert [one.id for one in before] == [pending.id]
    assert (waiting(hub, 1), state_of(hub, wait(hub, made, 1, 1, "bob"))) == ([], "approved")


def test_nobody_approves_their_own_run_where_that_is_prevented(hub: GitHub) -> None:
    """Another reviewer does."""
    made = environment(hub, reviewers=("alice", "bob"), prevent_self_review=True)
    wait(hub, made, 1, 1, "alice")
    wanted = ReviewPost(environment_ids=[7], state="rejected", comment="no")

    with pytest.raises(ApiError):
        review(hub, 1, ALICE, wanted)
    review(hub, 1, BOB, wanted)

    assert state_of(hub, wait(hub, made, 1, 1, "alice")) == "rejected"


def test_the_timer_runs_by_the_clouds_clock(hub: GitHub) -> None:
    """In minutes, from when the run came there."""
    pending = wait(hub, environment(hub, wait_timer=30), 1, 1, "bob")
    before = state_of(hub, pending)

    clock.forward(clock.now() + timedelta(minutes=30))

    assert (before, state_of(hub, pending)) == ("waiting", "approved")


def test_an_environment_without_rules_lets_everything_through(hub: GitHub) -> None:
    """And there is nothing to approve."""
    pending = wait(hub, environment(hub), 1, 1, "bob")

    with pytest.raises(ApiError) as caught:
        review(hub, 1, ALICE, ReviewPost(environment_ids=[7], state="approved", comment=""))

    assert state_of(hub, pending) == "approved"
    assert caught.value.status == 422
