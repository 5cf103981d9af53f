"""GitHub's own command line against the GitHub of this machine, as `./slipway local github` sets it up."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable

import pytest

from localcloud.github.socket import config_folder
from tests.support.github_world import OWNER, REPO, World

pytestmark = pytest.mark.skipif(shutil.which("gh") is None, reason="this machine has no gh")
Gh = Callable[..., str]
HOST = "github.localhost"


@pytest.fixture
def gh(world: World) -> Gh:
    """Run it in the working tree, which has a remote that names the repository."""
    remotes = world.git("remote").stdout.split()
    if "local" not in remotes:
        world.git("remote", "add", "local", f"http://{HOST}/{OWNER}/{REPO}.git")
    own = {"GH_HOST": HOST, "GH_TOKEN": world.token, "GH_CONFIG_DIR": str(config_folder()), "NO_COLOR": "1"}
    env = {"PATH": os.environ["PATH"], "HOME": str(world.root), "GH_REPO": f"{HOST}/{OWNER}/{REPO}", **own}

    def run(*words: str, login: str = "") -> str:
        mine = {**env, **({"GH_TOKEN": world.token_of(login)} if login else {})}
        ended = subprocess.run(
            ["gh", *words], cwd=world.work, env=mine, capture_output=True, text=True, timeout=60, check=False
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.strip()

    return run


def test_the_api_is_asked_page_by_page(world: World, gh: Gh) -> None:
    """`gh api --paginate` follows the links with its token."""
    world.branch("a-page")

    names = gh("api", "--paginate", f"repos/{OWNER}/{REPO}/branches?per_page=1", "--jq", ".[].name").split()

    assert {"a-page", "main"} <= set(names)


def test_a_pull_request_lives_by_gh_alone(world: World, gh: Gh) -> None:
    """Created, seen, commented, approved by another, checked, merged; each command ends well."""
    sha = world.branch("by-gh")
    place = gh("pr", "create", "--title", "By gh", "--body", "Why", "--base", "main", "--head", "by-gh")
    number = place.rpartition("/")[2]
    gh("pr", "comment", number, "--body", "hello")
    gh("pr", "edit", number, "--title", "By gh, better")
    gh("pr", "close", number)
    gh("pr", "reopen", number)
    gh("pr", "review", number, "--approve", login="alice")
    gh("api", f"repos/{OWNER}/{REPO}/statuses/{sha}", "-f", "state=success", "-f", "context=ci")
    fields = "title,state,comments,files,reviews,statusCheckRollup,headRefOid,mergeStateStatus"
    shown = json.loads(gh("pr", "view", number, "--json", fields))
    checks = gh("pr", "checks", number)
    diff = gh("pr", "diff", number)
    gh("pr", "merge", number, "--squash")
    listed = gh("pr", "list", "--state", "merged")

    assert (shown["title"], shown["state"], shown["headRefOid"]) == ("By gh, better", "OPEN", sha)
    assert [comment["body"] for comment in shown["comments"]] == ["hello"]
    assert [file["path"] for file in shown["files"]] == ["by-gh.txt"]
    assert [(review["author"]["login"], review["state"]) for review in shown["reviews"]] == [("alice", "APPROVED")]
    assert shown["mergeStateStatus"] == "CLEAN"
    assert checks.split()[:2] == ["ci", "pass"]
    assert "+++ b/by-gh.txt" in diff
    assert listed.split("\t")[0] == number
    assert world.git("ls-remote", str(world.host), "refs/heads/main").stdout.split()[0] != sha


def test_what_graphql_lacks_is_named(world: World) -> None:
    """No empty answer for a question that is not understood."""
    answer = world.ask("POST", "/graphql", {"query": "{ viewer { login starredRepositories { totalCount } } }"})

    assert answer.status_code == 200
    assert "starredRepositories" in answer.json()["errors"][0]["message"]
