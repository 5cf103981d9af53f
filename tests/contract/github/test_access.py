"""Who may what: tokens of persons and jobs, and what every answer says beside its document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import requests

from localcloud.github import start
from localcloud.github.access import tokens
from tests.support.github_world import OWNER, REPO, World, listed, prepare, running

PATH = f"/repos/{OWNER}/{REPO}"
CASES: list[tuple[dict[str, str], str, str, dict[str, Any] | None, int]] = [
    ({"contents": "read"}, "POST", f"{PATH}/issues", {"title": "hi"}, 403),
    ({"issues": "read"}, "POST", f"{PATH}/issues", {"title": "hi"}, 403),
    ({"issues": "write"}, "POST", f"{PATH}/issues", {"title": "hi"}, 201),
    ({"contents": "read"}, "GET", f"{PATH}/pulls", None, 403),
    ({"pull-requests": "read"}, "GET", f"{PATH}/pulls", None, 200),
    ({"contents": "write"}, "PATCH", PATH, {"private": True}, 403),
    ({}, "GET", PATH, None, 200),
    ({"contents": "read"}, "GET", "/user", None, 403),
    ({"contents": "write"}, "GET", "/repos/other/cams", None, 404),
]


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, list[str]]]:
    """A GitHub, and for each case the token of a job, made by what runs in its daemon."""
    root = tmp_path_factory.mktemp("jobs")
    prepare(root)
    with mock.patch.dict("os.environ", {"SLIPWAY_ROOT": str(root)}):
        github = start.github()
        made = [tokens.of_job(github, f"{OWNER}/{REPO}", case[0], 1) for case in CASES]
        github.store.close()
    with running(root) as world:
        yield world, made


@pytest.mark.parametrize("place", range(len(CASES)))
def test_a_job_may_what_its_token_was_made_for(jobs: tuple[World, list[str]], place: int) -> None:
    """The permission decides, not the person who has started it; reading and writing are two."""
    world, made = jobs
    _, method, path, body, status = CASES[place]

    answer = world.ask(method, path, body, made[place])

    assert answer.status_code == status
    if status == 403:
        assert answer.json()["message"] == "Resource not accessible by integration"
        assert answer.json()["documentation_url"].startswith("https://docs.github.com/rest/")


def test_a_token_that_is_none_of_ours_is_refused_and_none_at_all_too(world: World) -> None:
    """As GitHub words both."""
    bad = world.ask("GET", "/user", token="ghp_nonsense")
    none = requests.get(f"{world.url}/user", timeout=10)

    assert (bad.status_code, bad.json()["message"]) == (401, "Bad credentials")
    assert (none.status_code, none.json()["message"]) == (401, "Requires authentication")
    assert requests.get(f"{world.url}/meta", timeout=10).ok


def test_an_answer_that_has_not_changed_is_not_sent_again(world: World) -> None:
    """By its tag: 304, without a body and without counting as a call."""
    first = world.ask("GET", PATH)
    again = world.ask("GET", PATH, **{"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    left = int(first.headers["X-RateLimit-Remaining"])
    assert int(again.headers["X-RateLimit-Remaining"]) == left


def test_a_list_comes_in_pages_with_links_to_the_others(world: World) -> None:
    """A client follows them to the end, at the address that it asked."""
    world.branch("paged")

    pages = [world.ask("GET", f"{PATH}/branches?per_page=1")]
    while "next" in pages[-1].links:
        address = pages[-1].links["next"]["url"]
        assert address.startswith(world.url)
        pages.append(world.ask("GET", address.removeprefix(world.url)))

    names = [branch["name"] for page in pages for branch in page.json()]
    assert names == sorted({"main", "paged"})
    assert set(pages[0].links) == {"next", "last"}
    assert set(pages[-1].links) == {"prev", "first"}


def test_a_document_that_is_wrong_is_told_of_in_githubs_words(world: World) -> None:
    """No JSON, no object, a field that is missing, one of another kind."""
    headers = {"Authorization": f"Bearer {world.token}"}
    raw = requests.post(f"{world.url}{PATH}/issues", data="{", headers=headers, timeout=10)
    documents: list[Any] = [[], {}, {"title": 3}]
    said = [world.ask("POST", f"{PATH}/issues", body) for body in documents]

    assert (raw.status_code, raw.json()["message"]) == (400, "Problems parsing JSON")
    assert [answer.status_code for answer in said] == [400, 422, 422]
    assert said[0].json()["message"] == "Body should be a JSON object"
    assert '"title" wasn\'t supplied.' in said[1].json()["message"]
    assert "properties/title" in said[2].json()["message"]


def test_both_versions_of_the_api_are_spoken_and_no_other(world: World) -> None:
    """The newer one lacks what GitHub has taken out of it."""
    old = world.ask("GET", PATH)
    new = world.ask("GET", PATH, **{"X-GitHub-Api-Version": "2026-03-10"})
    none = world.ask("GET", PATH, **{"X-GitHub-Api-Version": "2020-01-01"})

    assert set(old.json()) - set(new.json()) == {"has_downloads"}
    assert new.headers["X-GitHub-Api-Version-Selected"] == "2026-03-10"
    assert none.status_code == 400


def test_what_was_known_is_known_after_a_restart_and_pushes_meanwhile_are_told(tmp_path: Path) -> None:
    """The pull request has the commit that was pushed while nothing ran."""
    prepare(tmp_path)
    with running(tmp_path) as world:
        world.branch("topic")
        number = world.pull("topic")
    sha = world.commit("later.txt", "2\n", on="topic")
    assert world.push("topic").returncode == 0

    with running(tmp_path) as world:
        shown = world.ask("GET", f"{PATH}/pulls/{number}").json()
        assert [one.number for one in listed(world.kit().rest.pulls.list(OWNER, REPO))] == [number]

    assert (shown["head"]["sha"], shown["state"]) == (sha, "open")
    assert f"push  refs/heads/topic {sha[:12]}" in (tmp_path / "log").read_text()
