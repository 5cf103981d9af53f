"""Protected branches: what git push and the API are refused, until reviews and checks are there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from githubkit.exception import RequestFailed

from tests.support.github_world import OWNER, REPO, World, listed, parsed, refused

PATH = f"/repos/{OWNER}/{REPO}/branches/main/protection"
RULES: dict[str, Any] = {
    "required_status_checks": {"strict": False, "contexts": ["ci"]},
    "enforce_admins": True,
    "required_pull_request_reviews": {"required_approving_review_count": 1, "dismiss_stale_reviews": True},
    "restrictions": None,
}


@pytest.fixture
def protected(world: World) -> Iterator[World]:
    """`main` asks for a review and a check, of administrators too."""
    assert world.ask("PUT", PATH, RULES).status_code == 200
    yield world
    assert world.ask("DELETE", PATH).status_code == 204


def test_a_direct_push_is_refused_in_githubs_words(protected: World) -> None:
    """The branch stays where it was, also when the daemon has no say."""
    before = protected.head("main")
    protected.commit("direct.txt", "1\n", on="main")

    pushed = protected.push("main", check=False)

    assert pushed.returncode == 1
    assert "error: GH006: Protected branch update failed for refs/heads/main." in pushed.stderr
    assert "- Changes must be made through a pull request." in pushed.stderr
    assert '- Required status check "ci" is expected.' in pushed.stderr
    assert protected.head("main") == before


def test_neither_force_nor_deletion_nor_the_api_goes_round_it(protected: World) -> None:
    """Three other ways to change the branch."""
    before = protected.head("main")
    protected.commit("forced.txt", "1\n", on="main")
    protected.git("checkout", "--quiet", "--orphan", "other")
    sha = protected.commit("orphan.txt", "1\n")

    forced = protected.push("main", "--force", check=False)
    deleted = protected.git("push", str(protected.host), ":refs/heads/main", check=False)
    by_api = protected.ask("PATCH", f"/repos/{OWNER}/{REPO}/git/refs/heads/main", {"sha": sha, "force": True})

    assert "- Cannot force-push to this branch" in forced.stderr
    assert "- Cannot delete this branch" in deleted.stderr
    assert (by_api.status_code, by_api.json()["message"]) == (422, "Object does not exist")
    assert protected.head("main") == before


def test_other_branches_are_pushed_as_ever(protected: World) -> None:
    """The hook looks at what is protected and at nothing else."""
    sha = protected.branch("free")

    assert protected.head("free") == sha


def test_a_merge_waits_for_the_review_and_the_check(protected: World) -> None:
    """Each reason is told until it is gone; then it is merged."""
    sha = protected.branch("waits")
    number = protected.pull("waits")
    kit, alice = protected.kit(), protected.kit(protected.token_of("alice"))
    said = []

    def merge() -> None:
        with pytest.raises(RequestFailed) as caught:
            kit.rest.pulls.merge(OWNER, REPO, number)
        said.append(refused(caught.value))

    merge()
    alice.rest.pulls.create_review(OWNER, REPO, number, event="APPROVE")
    merge()
    kit.rest.repos.create_commit_status(OWNER, REPO, sha, state="failure", context="ci")
    merge()
    blocked = parsed(kit.rest.pulls.get(OWNER, REPO, number)).mergeable_state
    kit.rest.repos.create_commit_status(OWNER, REPO, sha, state="success", context="ci")
    clean = parsed(kit.rest.pulls.get(OWNER, REPO, number)).mergeable_state

    review = "At least 1 approving review is required by reviewers with write access."
    expected = 'Required status check "ci" is expected.'
    assert said == [(405, f"{review} {expected}"), (405, expected), (405, 'Required status check "ci" is failing.')]
    assert (blocked, clean) == ("blocked", "clean")
    assert parsed(kit.rest.pulls.merge(OWNER, REPO, number)).merged


def test_a_new_commit_takes_its_approval_away(protected: World) -> None:
    """What was approved is not what would be merged."""
    protected.branch("stale")
    number = protected.pull("stale")
    protected.kit(protected.token_of("alice")).rest.pulls.create_review(OWNER, REPO, number, event="APPROVE")
    protected.commit("stale-2.txt", "2\n", on="stale")
    protected.push("stale")

    reviews = listed(protected.kit().rest.pulls.list_reviews(OWNER, REPO, number))

    assert [review.state for review in reviews] == ["DISMISSED"]


def test_nobody_approves_what_they_propose_and_who_may_only_read_does_not_count(protected: World) -> None:
    """The first is refused; the second is a review like any other, without weight."""
    protected.branch("own")
    number = protected.pull("own")
    protected.kit().rest.repos.create_fork(OWNER, REPO, organization="passerby")
    path = f"/repos/{OWNER}/{REPO}/pulls/{number}"

    own = protected.ask("POST", f"{path}/reviews", {"event": "APPROVE"})
    other = protected.ask("POST", f"{path}/reviews", {"event": "APPROVE"}, protected.token_of("passerby"))
    state = protected.ask("GET", path).json()["mergeable_state"]

    assert (own.status_code, own.json()["errors"]) == (422, ["Can not approve your own pull request"])
    assert (other.status_code, state) == (200, "blocked")


def test_the_administrator_passes_where_the_branch_lets_administrators(world: World) -> None:
    """As on GitHub, `enforce_admins` decides; a force-push is refused to everybody."""
    world.ask("PUT", PATH, {**RULES, "enforce_admins": False})
    sha = world.commit("admin.txt", "1\n", on="main")

    passed = world.push("main", check=False)
    world.ask("DELETE", PATH)

    assert passed.returncode == 0
    assert world.head("main") == sha


def test_a_branch_says_what_protects_it(protected: World) -> None:
    """By GitHub's own schema, and 404 for one that is not protected."""
    kit = protected.kit()

    shown = parsed(kit.rest.repos.get_branch_protection(OWNER, REPO, "main"))
    branch = parsed(kit.rest.repos.get_branch(OWNER, REPO, "main"))
    protected.branch("bare")
    with pytest.raises(RequestFailed) as caught:
        kit.rest.repos.get_branch_protection(OWNER, REPO, "bare")

    assert shown.required_status_checks
    assert shown.required_status_checks.contexts == ["ci"]
    assert branch.protected
    assert refused(caught.value) == (404, "Branch not protected")
