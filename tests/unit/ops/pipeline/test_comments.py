"""One comment and one issue of a kind."""

from __future__ import annotations

from ops.pipeline.comments import CUT, LONGEST, OVER, comment, issue, mark, of_run
from tests.support.github_fake import GitHubFake


def test_the_comment_of_a_kind_is_written_anew() -> None:
    """The first call makes it, later ones change it; nobody else's is touched."""
    theirs = {"id": 1, "body": "looks well"}
    first, second = GitHubFake(), GitHubFake()
    second.lists["issues/7/comments"] = [theirs, {"id": 2, "body": f"{mark('preview')}\nold"}]

    comment(first, 7, "preview", "new")
    comment(second, 7, "preview", "new")

    body = {"body": f"{mark('preview')}\nnew"}
    assert first.made == [("POST", "issues/7/comments", body)]
    assert second.made == [("PATCH", "issues/comments/2", body)]


def test_a_comment_says_of_which_run_it_is() -> None:
    """And one that GitHub would refuse for its length ends at a line, and says where the rest is."""
    job = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "a/b", "GITHUB_RUN_ID": "7"}
    github = GitHubFake()

    comment(github, 7, "preview", "a line\n" * 20_000, of=of_run(job | {"GITHUB_SHA": "0123456789abcdef"}))

    [(_, _, body)] = github.made
    end = "a line" + CUT + "\n\n<sub>[the run](https://github.com/a/b/actions/runs/7) of 0123456789ab</sub>"
    assert body["body"].endswith(end)
    assert LONGEST - 10 < len(body["body"]) <= LONGEST
    assert of_run({}) == ""


def test_an_issue_opens_follows_and_closes_itself() -> None:
    """One at a time; a pull request is none."""
    pull = {"number": 3, "body": mark("drift dev"), "pull_request": {}}
    there = {"number": 4, "body": f"{mark('drift dev')}\nold"}
    none, one = GitHubFake({"issues": [pull]}), GitHubFake({"issues": [pull, there]})

    issue(none, "drift dev", "dev has drifted", "")
    issue(none, "drift dev", "dev has drifted", "this")
    issue(one, "drift dev", "dev has drifted", "that")
    issue(one, "drift dev", "dev has drifted", "")

    assert none.made == [("POST", "issues", {"title": "dev has drifted", "body": f"{mark('drift dev')}\nthis"})]
    assert one.made == [
        ("PATCH", "issues/4", {"title": "dev has drifted", "body": f"{mark('drift dev')}\nthat"}),
        ("POST", "issues/4/comments", {"body": OVER}),
        ("PATCH", "issues/4", {"state": "closed"}),
    ]
