"""Pull requests: opened, followed, reviewed and merged, with Git's own commits as the witness."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from unittest import mock

import pytest
from githubkit.exception import RequestFailed

from localcloud.github import start
from localcloud.github.git.repository import update
from localcloud.github.pulls.merging import squash
from localcloud.github.pulls.model import Pull
from tests.support.github_world import OWNER, REPO, World, listed, parsed, prepare, refused, running

Method = Literal["merge", "squash", "rebase"]


def test_a_pull_request_follows_its_branch(world: World) -> None:
    """Its head, its size and its refs in the Git host are those of the branch by now."""
    first = world.branch("follows")
    number = world.pull("follows")
    second = world.commit("more.txt", "2\n", on="follows")
    world.push("follows")

    shown = parsed(world.kit().rest.pulls.get(OWNER, REPO, number))
    refs = world.git("ls-remote", str(world.host), f"refs/pull/{number}/*").stdout.split()

    assert first != second
    assert (shown.head.sha, shown.commits, shown.changed_files) == (second, 2, 2)
    assert refs[0::2][0] == second
    assert refs[1::2] == [f"refs/pull/{number}/head", f"refs/pull/{number}/merge"]
    assert world.git("ls-remote", str(world.host), "refs/heads/main").stdout.split()[0] == shown.base.sha


@pytest.mark.parametrize(
    ("method", "parents", "subject"),
    [
        ("merge", 2, "Merge pull request #{n} from example/{b}"),
        ("squash", 1, "Merge {b} (#{n})"),
        ("rebase", 1, "two"),
    ],
)
def test_each_way_of_merging_makes_the_commits_that_github_makes(
    world: World, method: Method, parents: int, subject: str
) -> None:
    """Seen in the Git host: how many parents, which message, and the files of the head."""
    branch = f"by-{method}"
    world.branch(branch)
    world.commit(f"{branch}-2.txt", "2\n", "two", on=branch)
    world.push(branch)
    world.branch(f"beside-{method}")
    world.push("main")  # so that a rebase has something to do
    number = world.pull(branch)

    done = parsed(world.kit().rest.pulls.merge(OWNER, REPO, number, merge_method=method))

    world.git("fetch", "--quiet", str(world.host), "main")
    said = world.git("log", "-1", "--format=%H%n%P%n%s%n%cn", "FETCH_HEAD").stdout.splitlines()
    files = world.git("ls-tree", "--name-only", "FETCH_HEAD").stdout.split()
    assert done.merged
    assert said[0] == done.sha == world.head("main")
    assert len(said[1].split()) == parents
    assert said[2] == subject.format(n=number, b=branch)
    assert {f"{branch}.txt", f"{branch}-2.txt", f"beside-{method}.txt"} <= set(files)
    shown = world.ask("GET", f"/repos/{OWNER}/{REPO}/pulls/{number}").json()
    assert (shown["state"], shown["merged"], shown["merge_commit_sha"]) == ("closed", True, done.sha)
    assert shown["commits"] == 2


def test_a_squash_of_one_commit_has_its_message_and_its_tree(world: World) -> None:
    """What was tested is what is merged, as long as the base has not moved."""
    sha = world.commit("single.txt", "1\n", "Say one thing", on="main")
    world.push("single")
    number = world.pull("single")

    parsed(world.kit().rest.pulls.merge(OWNER, REPO, number, merge_method="squash"))

    world.git("fetch", "--quiet", str(world.host), "main")
    assert world.git("log", "-1", "--format=%s", "FETCH_HEAD").stdout.strip() == f"Say one thing (#{number})"
    trees = world.git("rev-parse", f"{sha}^{{tree}}", "FETCH_HEAD^{tree}").stdout.split()
    assert trees[0] == trees[1]


def test_what_conflicts_cannot_be_merged(world: World) -> None:
    """It says so beforehand, and 405 when it is tried."""
    world.commit("same.txt", "theirs\n", on="main")
    world.push("conflicts")
    world.commit("same.txt", "ours\n", on="main")
    world.push("main")
    number = world.pull("conflicts")

    shown = parsed(world.kit().rest.pulls.get(OWNER, REPO, number))
    with pytest.raises(RequestFailed) as caught:
        world.kit().rest.pulls.merge(OWNER, REPO, number)

    assert (shown.mergeable, shown.mergeable_state) == (False, "dirty")
    assert refused(caught.value) == (405, "Pull Request is not mergeable")


def test_a_head_that_has_moved_is_not_merged(world: World) -> None:
    """Whoever says which commit was looked at gets no other."""
    old = world.branch("moved")
    number = world.pull("moved")
    world.commit("moved-2.txt", "2\n", on="moved")
    world.push("moved")

    with pytest.raises(RequestFailed) as caught:
        world.kit().rest.pulls.merge(OWNER, REPO, number, sha=old)

    assert refused(caught.value) == (409, "Head branch was modified. Review and try the merge again.")


def test_a_draft_and_a_way_that_is_switched_off_are_refused(world: World) -> None:
    """Both are 405, in GitHub's words."""
    world.branch("draft")
    kit = world.kit()
    made = parsed(kit.rest.pulls.create(OWNER, REPO, title="Later", head="draft", base="main", draft=True))
    world.branch("squashed")
    number = world.pull("squashed")
    parsed(kit.rest.repos.update(OWNER, REPO, allow_squash_merge=False))
    said = []
    ways: list[tuple[int, Method]] = [(made.number, "merge"), (number, "squash")]
    for pull, method in ways:
        with pytest.raises(RequestFailed) as caught:
            kit.rest.pulls.merge(OWNER, REPO, pull, merge_method=method)
        said.append(refused(caught.value))
    parsed(kit.rest.repos.update(OWNER, REPO, allow_squash_merge=True))

    assert said == [
        (405, "Pull Request is still a draft"),
        (405, "Squash merges are not allowed on this repository."),
    ]


def test_there_is_one_pull_request_for_two_branches_and_none_for_nothing(world: World) -> None:
    """GitHub's words for a second one, for no commits, and for branches that are not there."""
    world.branch("only")
    world.pull("only")
    world.git("fetch", "--quiet", str(world.host), "main")
    world.git("checkout", "--quiet", "--detach", "FETCH_HEAD")
    world.push("empty")
    said = []
    for head, base in (("only", "main"), ("empty", "main"), ("nowhere", "main"), ("only", "nowhere")):
        with pytest.raises(RequestFailed) as caught:
            world.kit().rest.pulls.create(OWNER, REPO, title="Again", head=head, base=base)
        [problem] = caught.value.response.json()["errors"]
        said.append(problem.get("message") or problem["field"])

    assert said == [
        "A pull request already exists for example:only.",
        "No commits between main and empty",
        "head",
        "base",
    ]


def test_a_push_that_brings_the_head_into_the_base_merges_the_pull_request(world: World) -> None:
    """As GitHub sees it; and a head's branch that goes closes it."""
    world.branch("pushed")
    number = world.pull("pushed")
    world.push("main")
    world.branch("gone")
    other = world.pull("gone")
    world.git("push", "--quiet", str(world.host), ":refs/heads/gone")

    shown = [parsed(world.kit().rest.pulls.get(OWNER, REPO, one)) for one in (number, other)]

    assert [(one.state, one.merged) for one in shown] == [("closed", True), ("closed", False)]


def test_closed_again_open_and_changed(world: World) -> None:
    """By PATCH, each time with a whole document."""
    world.branch("patched")
    number = world.pull("patched")
    kit = world.kit()

    closed = parsed(kit.rest.pulls.update(OWNER, REPO, number, state="closed"))
    opened = parsed(kit.rest.pulls.update(OWNER, REPO, number, state="open", title="Better", body="Because"))

    assert (closed.state, opened.state, opened.title, opened.body) == ("closed", "open", "Better", "Because")
    found = listed(kit.rest.pulls.list(OWNER, REPO, head=f"{OWNER}:patched"))
    assert [one.number for one in found] == [number]
    assert [one.filename for one in listed(kit.rest.pulls.list_files(OWNER, REPO, number))] == ["patched.txt"]
    assert len(listed(kit.rest.pulls.list_commits(OWNER, REPO, number))) == 1


def test_a_forks_pull_request_says_whose_it_is(world: World) -> None:
    """Its owner may open it and read, and may not merge it."""
    world.kit().rest.repos.create_fork(OWNER, REPO, organization="mallory")
    world.commit("theirs.txt", "1\n", on="main")
    world.git("push", "--quiet", str(world.host), "HEAD:refs/namespaces/mallory/refs/heads/topic")
    token = world.token_of("mallory")
    number = world.pull("mallory:topic", token=token)

    shown = parsed(world.kit(token).rest.pulls.get(OWNER, REPO, number))
    refusal = world.ask("PUT", f"/repos/{OWNER}/{REPO}/pulls/{number}/merge", {}, token)

    assert shown.head.label == "mallory:topic"
    assert shown.head.repo is not None
    assert (shown.head.repo.full_name, shown.head.repo.fork) == ("mallory/cams", True)
    assert refusal.status_code == 404


def test_a_merge_that_was_killed_is_finished_by_the_next_look(tmp_path: Path) -> None:
    """The base has the commit already, and the pull request does not know it yet."""
    prepare(tmp_path)
    with running(tmp_path) as world:
        world.branch("killed")
        number = world.pull("killed")
    with mock.patch.dict("os.environ", {"SLIPWAY_ROOT": str(tmp_path)}):
        hub = start.github()
        pull = hub.store.all(Pull)[0]
        sha = squash(hub, pull, "Killed\n", "alice")
        hub.store.change(pull, merging=sha)
        update("refs/heads/main", sha)
        hub.store.close()

    with running(tmp_path) as world:
        shown = world.ask("GET", f"/repos/{OWNER}/{REPO}/pulls/{number}").json()

    assert (shown["merged"], shown["state"], shown["merge_commit_sha"]) == (True, "closed", sha)
