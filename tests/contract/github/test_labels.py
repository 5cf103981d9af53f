"""Labels at a pull request: each that comes or goes is told, as workflows are started by it."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

from localcloud.github import start
from localcloud.github.events import Event
from localcloud.github.issues import life
from localcloud.github.issues.model import Issue
from tests.support.github_world import OWNER, REPO, prepare, running


def test_each_label_that_comes_or_goes_is_an_event_of_the_pull_request(tmp_path: Path) -> None:
    """With the label, and with all that the pull request has by then; what stays is not told again."""
    prepare(tmp_path)
    with running(tmp_path) as world:
        world.branch("labelled")
        number = world.pull("labelled")
        world.kit().rest.issues.add_labels(OWNER, REPO, number, data={"labels": ["bug"]})
    heard: list[Event] = []
    with mock.patch.dict("os.environ", {"SLIPWAY_ROOT": str(tmp_path)}):
        github = start.github()
        github.events.subscribe(heard.append)
        [issue] = [one for one in github.store.all(Issue) if one.number == number]
        changed = life.edit(github, issue, {"labels": ("bug", "preview")}, "ada", by_job=False)
        life.edit(github, changed, {"labels": ("preview",)}, "ada", by_job=False)
        life.edit(github, github.store.find(Issue, issue.id), {"title": "Other"}, "ada", by_job=False)
        github.store.close()

    told = [(one.name, one.action, one.payload["label"]["name"]) for one in heard]
    assert told == [("pull_request", "labeled", "preview"), ("pull_request", "unlabeled", "bug")]
    with_it = [[label["name"] for label in one.payload["pull_request"]["labels"]] for one in heard]
    assert with_it == [["bug", "preview"], ["preview"]]
    assert [one.number for one in heard] == [number, number]
