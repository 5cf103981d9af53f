"""Checks, environments, deployments, issues and comments, each held to GitHub's own schema."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest
from githubkit.exception import RequestFailed

from localcloud.github import start
from localcloud.github.access import tokens
from tests.support.github_world import OWNER, REPO, World, listed, parsed, prepare, refused, running

PATH = f"/repos/{OWNER}/{REPO}"


def test_a_job_tells_of_a_commit_by_checks_and_the_newest_of_a_name_counts(tmp_path: Path) -> None:
    """A person cannot, as GitHub keeps check runs to apps; a pull request shows what they say."""
    prepare(tmp_path)
    with mock.patch.dict("os.environ", {"SLIPWAY_ROOT": str(tmp_path)}):
        github = start.github()
        token = tokens.of_job(github, f"{OWNER}/{REPO}", {"checks": "write"}, 1)
        github.store.close()
    with running(tmp_path) as world:
        sha, job, kit = world.branch("checked"), world.kit(token), world.kit()
        number = world.pull("checked")
        with pytest.raises(RequestFailed) as caught:
            kit.rest.checks.create(OWNER, REPO, data={"name": "ci", "head_sha": sha})
        job.rest.checks.create(OWNER, REPO, data={"name": "ci", "head_sha": sha, "conclusion": "failure"})
        bad = parsed(kit.rest.pulls.get(OWNER, REPO, number)).mergeable_state
        again = parsed(job.rest.checks.create(OWNER, REPO, data={"name": "ci", "head_sha": sha}))
        output = {"title": "All well", "summary": "12 passed"}
        done = parsed(
            job.rest.checks.update(OWNER, REPO, again.id, data={"conclusion": "success", "output": output})  # type: ignore[call-overload] # a TypedDict
        )
        good = parsed(kit.rest.pulls.get(OWNER, REPO, number)).mergeable_state
        runs = parsed(kit.rest.checks.list_for_ref(OWNER, REPO, sha))
        suites = parsed(kit.rest.checks.list_suites_for_ref(OWNER, REPO, "checked"))

    assert refused(caught.value) == (403, "You must authenticate via a GitHub App.")
    assert (bad, good) == ("unstable", "clean")
    assert (done.status, done.conclusion, done.output.summary) == ("completed", "success", "12 passed")
    assert (runs.total_count, suites.total_count) == (1, 1)


def test_an_environment_keeps_who_approves_and_what_may_deploy(world: World) -> None:
    """PUT says all of it anew; patterns are added one by one."""
    kit = world.kit()
    me = parsed(kit.rest.users.get_authenticated()).id
    rules = {
        "wait_timer": 5,
        "prevent_self_review": True,
        "reviewers": [{"type": "User", "id": me}],
        "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True},
    }

    made = parsed(kit.rest.repos.create_or_update_environment(OWNER, REPO, "prod", data=rules))  # type: ignore[call-overload] # a TypedDict
    kit.rest.repos.create_deployment_branch_policy(OWNER, REPO, "prod", data={"name": "main"})
    policies = parsed(kit.rest.repos.list_deployment_branch_policies(OWNER, REPO, "prod"))
    anew = parsed(kit.rest.repos.create_or_update_environment(OWNER, REPO, "PROD", data={"wait_timer": 0}))

    assert [rule.type for rule in made.protection_rules] == ["wait_timer", "required_reviewers", "branch_policy"]
    assert [policy.name for policy in policies.branch_policies] == ["main"]
    assert (anew.name, anew.id, anew.protection_rules) == ("prod", made.id, [])


def test_variables_are_read_and_secrets_are_not(world: World) -> None:
    """Of a secret there is its name, wherever it is asked for."""
    kit = world.kit()
    kit.rest.repos.create_or_update_environment(OWNER, REPO, "vault", data={})
    kit.rest.actions.create_repo_variable(OWNER, REPO, name="region", value="frankfurt")
    kit.rest.actions.update_repo_variable(OWNER, REPO, "REGION", data={"value": "oregon"})
    world.ask("PUT", f"/_local/secrets/{OWNER}/{REPO}/vault/key", {"value": "hidden"})

    region = parsed(kit.rest.actions.get_repo_variable(OWNER, REPO, "REGION"))
    secrets = world.ask("GET", f"{PATH}/environments/vault/secrets")

    assert (region.name, region.value) == ("REGION", "oregon")
    assert [secret["name"] for secret in secrets.json()["secrets"]] == ["KEY"]
    assert "hidden" not in secrets.text


def test_a_deployment_that_succeeds_makes_the_one_before_it_inactive(world: World) -> None:
    """In its environment alone; and contexts that have not succeeded keep one from being made."""
    kit, sha = world.kit(), world.branch("deployed")
    made = [
        parsed(kit.rest.repos.create_deployment(OWNER, REPO, ref="deployed", environment=where, auto_merge=False))
        for where in ("staging", "prod", "staging")
    ]
    for one in made:
        kit.rest.repos.create_deployment_status(OWNER, REPO, one.id, state="success")
    states = [
        [status.state for status in listed(kit.rest.repos.list_deployment_statuses(OWNER, REPO, one.id))]
        for one in made
    ]
    kit.rest.repos.create_commit_status(OWNER, REPO, sha, state="pending", context="ci")
    with pytest.raises(RequestFailed) as caught:
        kit.rest.repos.create_deployment(OWNER, REPO, ref="deployed", auto_merge=False)

    assert states == [["inactive", "success"], ["success"], ["success"]]
    assert refused(caught.value) == (409, "Conflict: Commit status checks failed for deployed.")
    assert {one.name for one in parsed(kit.rest.repos.get_all_environments(OWNER, REPO)).environments or []} >= {
        "staging",
        "prod",
    }


def test_one_comment_is_found_again_and_updated(world: World) -> None:
    """What a preview does at each push; the pull request is an issue, too."""
    kit = world.kit()
    world.branch("commented")
    number = world.pull("commented")
    made = parsed(kit.rest.issues.create_comment(OWNER, REPO, number, body="first"))

    parsed(kit.rest.issues.update_comment(OWNER, REPO, made.id, body="second"))

    shown = listed(kit.rest.issues.list_comments(OWNER, REPO, number))
    assert [(one.id, one.body) for one in shown] == [(made.id, "second")]
    assert parsed(kit.rest.issues.get(OWNER, REPO, number)).pull_request


def test_an_issue_is_found_by_its_label_and_closes(world: World) -> None:
    """What a scheduled check does with the one issue that it keeps."""
    kit = world.kit()
    made = parsed(kit.rest.issues.create(OWNER, REPO, title="Drift", body="dev", labels=["drift"]))
    found = listed(kit.rest.issues.list_for_repo(OWNER, REPO, labels="drift"))
    closed = parsed(kit.rest.issues.update(OWNER, REPO, made.number, state="closed"))
    left = listed(kit.rest.issues.list_for_repo(OWNER, REPO, labels="Drift"))

    assert [one.number for one in found] == [made.number]
    assert (closed.state, closed.state_reason, left) == ("closed", "completed", [])
    assert [label.name for label in listed(kit.rest.issues.list_labels_on_issue(OWNER, REPO, made.number))] == [
        "drift"
    ]


def test_commits_files_and_refs_are_those_of_git(world: World) -> None:
    """Asked in five ways."""
    kit, sha = world.kit(), world.branch("read", "text\n")

    commit = parsed(kit.rest.repos.get_commit(OWNER, REPO, "read"))
    compared = parsed(kit.rest.repos.compare_commits(OWNER, REPO, "main...read"))
    content = world.ask("GET", f"{PATH}/contents/read.txt?ref=read", Accept="application/vnd.github.raw")
    made = parsed(kit.rest.git.create_ref(OWNER, REPO, ref="refs/heads/copied", sha=sha))
    tree = parsed(kit.rest.git.get_tree(OWNER, REPO, sha, recursive="1"))

    assert (commit.sha, [file.filename for file in commit.files or []]) == (sha, ["read.txt"])
    assert (compared.status, compared.ahead_by, compared.behind_by) == ("ahead", 1, 0)
    assert content.text == "text\n"
    assert (made.ref, world.head("copied")) == ("refs/heads/copied", sha)
    assert "read.txt" in {entry.path for entry in tree.tree}
