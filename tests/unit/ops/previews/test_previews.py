"""When a pull request has a preview, what is said of it, and that nothing of one stays."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from console.errors import FAILED, REFUSED, ExplainedError
from ops.context import Context, Doors
from ops.doors.cloud import Cloud
from ops.pipeline.comments import mark
from ops.pipeline.facts import of_previews
from ops.previews import pulls, told
from ops.previews.ask import ask
from ops.previews.follow import expire, follow
from ops.previews.known import Known, known
from ops.previews.place import place as where
from ops.previews.remove import remove
from ops.previews.up import bring_up
from tests.support.preview_fakes import COMMIT, PullsFake, PulumiFake, RenderFake, place, pull, resources

MARK = mark(told.KIND)
LATER = "2026-12-03T10:00:00+00:00"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (pull(), ""),
        (pull(state="closed"), "it is closed"),
        (pull(owner="mallory"), "its branch is in a fork"),
        (pull(owner=None), "its branch is in a fork"),  # of a fork that is gone
        (pull(label="bug"), "it has no label `preview`"),
    ],
)
def test_a_pull_request_has_one_when_a_maintainer_says_so(said: Any, why: str, tmp_path: Path) -> None:
    """Whoever asks for another is refused, before any cloud is asked for anything."""
    found, pulumi = pulls.pull(PullsFake(pulls={7: said}), 7), PulumiFake()

    assert found.refusal.startswith(why)
    assert bool(found.refusal) == bool(why)
    if why:
        with pytest.raises(ExplainedError, match="pull request 7 gets no preview") as refused:
            bring_up(place(tmp_path, pulumi), found)
        assert refused.value.code == REFUSED
        assert pulumi.done == []


def test_no_more_than_are_allowed_are_there_at_once(tmp_path: Path) -> None:
    """A sixth is refused with the names of the five; one of the five is brought up to date all the same."""
    pulumi = PulumiFake()
    for name in ("staging", "pr-1", "pr-2", "pr-3", "pr-4", "pr-5"):
        pulumi.make_stack(name)
    github = PullsFake(pulls={number: pull(number) for number in (5, 7)})

    with pytest.raises(ExplainedError, match=r"there are 5 already.*pr-1, pr-2, pr-3, pr-4, pr-5") as refused:
        bring_up(place(tmp_path, pulumi), pulls.pull(github, 7))
    bring_up(place(tmp_path, pulumi), pulls.pull(github, 5))

    assert refused.value.code == REFUSED
    assert pulumi.done == ["up pr-5"]


def test_what_is_up_is_told_in_one_comment_and_one_deployment(tmp_path: Path) -> None:
    """Address, commit, cost and the day when it goes; the deployments before are no more, but not told so twice."""
    lists: dict[str, list[dict[str, Any]]] = {
        "issues/7/comments": [{"id": 3, "body": f"{MARK}\nold"}],
        "deployments": [{"id": 1}, {"id": 2}],
    }
    statuses = {"deployments/1/statuses": [{"state": "inactive"}], "deployments/2/statuses": [{"state": "success"}]}
    github = PullsFake(lists, pulls={7: pull()}, statuses=statuses)

    follow(place(tmp_path, PulumiFake()), github, 7)

    ended, made, status, comment = github.made
    assert ended == ("POST", "deployments/2/statuses", {"state": "inactive"})
    assert made[2] | {"description": ""} == {
        "ref": COMMIT,
        "environment": "preview",
        "task": "pr-7",
        "transient_environment": True,
        "auto_merge": False,
        "required_contexts": [],
        "description": "",
    }
    assert status[1:] == (
        "deployments/11/statuses",
        {"state": "success", "auto_inactive": False, "environment_url": "https://there"},
    )
    assert comment[:2] == ("PATCH", "issues/comments/3")
    assert comment[2]["body"] == (
        f"{MARK}\n**Preview**: https://there\n\n"
        f"- runs `more-seats` at {COMMIT}\n"
        "- has a database of its own with made-up exams, and nothing of any other environment\n"
        "- costs 20.30 USD a month, 4.74 for 7 days at Render\n"
        "- is removed when this is closed or loses its label, or on 2026-12-03 10:00 UTC; each push moves that"
    )


def test_what_fails_is_told_and_fails(tmp_path: Path) -> None:
    """The comment has the reason, the command its exit code, and what was there before is not taken away."""
    pulumi, github = PulumiFake({"pr-7": resources(LATER)}, codes=[255]), PullsFake(pulls={7: pull()})

    with pytest.raises(ExplainedError, match="pr-7 is not up: `pulumi up` ended with exit code 255") as failed:
        follow(place(tmp_path, pulumi), github, 7)

    [comment] = github.made
    assert "failed\n\n```\npr-7 is not up: `pulumi up` ended with exit code 255, see above\n```" in comment[2]["body"]
    assert (failed.value.code, pulumi.done) == (FAILED, ["up pr-7"])


def test_a_closed_one_goes_with_all_of_it_and_says_so(tmp_path: Path) -> None:
    """Resources, what only Render knows, the state, the file; a second time there is nothing to do or to say."""
    pulumi, render = PulumiFake({"pr-7": resources(LATER)}), RenderFake({"evm-7": "pr-7", "evm-1": "prod"})
    github = PullsFake({"deployments": [{"id": 2}]}, pulls={7: pull(state="closed")})
    where = place(tmp_path, pulumi, render)
    where.write(7, "{}")

    follow(where, github, 7)
    told_once = list(github.made)
    github.lists.clear()
    follow(where, github, 7)

    assert pulumi.done == ["destroy pr-7", "remove pr-7"]
    assert (pulumi.there, render.environments, list(tmp_path.iterdir())) == ({}, {"evm-1": "prod"}, [])
    assert told_once[0] == ("POST", "deployments/2/statuses", {"state": "inactive"})
    assert told_once[1][2]["body"] == f"{MARK}\n**Preview**: removed with its database: it is closed."
    assert github.made == told_once


def test_what_an_up_that_was_killed_has_made_goes_too(tmp_path: Path) -> None:
    """The provider keeps an environment with something in it that no state knows: it goes, and then the rest does."""
    pulumi, render = PulumiFake({"pr-7": resources(LATER)}, codes=[255]), RenderFake({"evm-7": "pr-7"})

    assert remove(place(tmp_path, pulumi, render), 7) is True
    assert pulumi.done == ["destroy pr-7", "destroy pr-7", "remove pr-7"]
    assert render.environments == {}


def test_a_removal_that_failed_is_mended_by_the_same_command(tmp_path: Path) -> None:
    """Its state stays until nothing else is left, so that it is found again."""
    pulumi = PulumiFake({"pr-7": resources(LATER)}, codes=[255, 255])
    where = place(tmp_path, pulumi)

    with pytest.raises(ExplainedError, match="pr-7 is not removed: `pulumi destroy` ended with exit code 255"):
        remove(where, 7)
    left = list(pulumi.there)

    assert left == ["pr-7"]
    assert remove(where, 7) is True
    assert remove(where, 7) is False
    assert pulumi.there == {}


def test_what_only_render_knows_is_found_without_a_state(tmp_path: Path) -> None:
    """As after a removal that was killed between the two."""
    render = RenderFake({"evm-7": "pr-7", "evm-70": "pr-70"})

    assert remove(place(tmp_path, PulumiFake(), render), 7) is True
    assert render.environments == {"evm-70": "pr-70"}


def test_those_that_are_over_go_and_others_stay(tmp_path: Path) -> None:
    """By their day, or as their pull request is now; one that fails does not keep the next."""
    over, later = "2026-11-20T10:00:00+00:00", LATER
    stacks = {"pr-1": over, "pr-2": later, "pr-3": later, "pr-4": over, "pr-5": over}
    pulumi = PulumiFake({name: resources(until) for name, until in stacks.items()}, codes=[255, 255])
    pulumi.there["pr-6"] = []  # killed before anything of it was written down
    states = {number: pull(number, state="closed" if number == 3 else "open") for number in range(1, 7)}
    github = PullsFake(pulls=states)

    removed, failures = expire(place(tmp_path, pulumi), github, now=lambda: datetime(2026, 11, 27, tzinfo=UTC))

    assert [(one.pull, one.why.partition(";")[0]) for one in removed] == [
        (3, "it is closed"),
        (4, "nothing was deployed to it for 7 days"),
        (5, "nothing was deployed to it for 7 days"),
    ]
    assert [str(error).partition(":")[0] for error in failures] == ["pr-1 is not removed"]
    assert list(pulumi.there) == ["pr-1", "pr-2", "pr-6"]


def test_a_fork_is_told_nothing_where_it_never_had_one(tmp_path: Path) -> None:
    """A comment at each push of a fork would be noise; the run says why."""
    github = PullsFake(pulls={7: pull(owner="mallory")})

    said = follow(place(tmp_path, PulumiFake()), github, 7)

    assert said == "**Preview**: none: its branch is in a fork, and code from there is run by nobody's leave."
    assert github.made == []


def test_previews_are_known_by_their_stacks() -> None:
    """Those of environments are none; of one that has nothing yet only the number is known."""
    pulumi: Any = PulumiFake({"pr-12": [], "pr-7": resources("2026-12-03T10:00:00Z"), "staging": []})

    until = datetime(2026, 12, 3, 10, tzinfo=UTC)
    assert known(pulumi) == [Known(7, "more-seats", COMMIT, until, "https://there"), Known(12)]


def test_the_workflow_of_the_reviewed_branch_is_asked(tmp_path: Path) -> None:
    """Also for one that is closed, whose preview goes then; a fork, which could ask nothing, is told why."""
    github = PullsFake(pulls={7: pull(state="closed"), 8: pull(8, owner="mallory")})
    shared = place(tmp_path, PulumiFake()).shared

    said = [ask(github, shared, number) for number in (7, 8)]

    assert github.made == [
        ("POST", "actions/workflows/previews.yml/dispatches", {"ref": "main", "inputs": {"pull": "7"}})
    ]
    assert said == [
        "The preview of pull request 7 is looked after by `previews.yml` of `main`.",
        "Pull request 8 gets no preview: its branch is in a fork, and code from there is run by nobody's leave.",
    ]


def test_a_preview_has_its_own_state_on_real_clouds(tmp_path: Path) -> None:
    """Under a key that opens no other; a workflow learns where, and which role it takes."""
    shared = place(tmp_path, PulumiFake()).shared
    real = Cloud({"PULUMI_BACKEND_URL": "s3://cams-state-123456789012", "RENDER_API_KEY": "rnd"}, is_local=False)
    found = where(Context(Doors(choose=lambda *, postgres="": real)))

    assert found.cloud.variables["PULUMI_BACKEND_URL"] == "s3://cams-preview-state-123456789012?region=eu-central-1"
    assert found.key == "awskms://alias/cams-preview?region=eu-central-1"
    assert of_previews(shared) == {
        "environment": "preview",
        "branch": "main",
        "region": "eu-central-1",
        "role": "arn:aws:iam::123456789012:role/cams-preview-deploy",
        "state": "s3://cams-preview-state-123456789012",
    }
