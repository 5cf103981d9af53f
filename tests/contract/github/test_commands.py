"""`./slipway local push`, `pr` and `github`, as people use them in a checkout."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localcloud.__main__ import main
from localcloud.control import daemons
from tests.support.github_world import STACK, World


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A checkout with one commit; nothing of the local cloud runs yet."""
    monkeypatch.setenv("SLIPWAY_ROOT", str(tmp_path))
    made = World(tmp_path)
    made.work = tmp_path
    (tmp_path / "Pulumi.dev.yaml").write_text(STACK)
    (tmp_path / ".gitignore").write_text(".local/\n")
    made.git("init", "--quiet", "--initial-branch=main")
    made.commit("README", "hello\n", "Begin")
    yield made
    daemons.stop()
    shutil.rmtree(tmp_path / ".local")


def test_a_change_goes_from_a_branch_to_another_by_commands_alone(
    checkout: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pushed, proposed, approved by somebody else, merged; the daemon is started by the first of them."""

    def slipway(*words: str) -> str:
        code = main(list(words))
        said = capsys.readouterr()
        assert code == 0, said.err
        return said.out

    def shown(*words: str) -> Any:
        return json.loads(slipway(*words, "--json"))

    slipway("push", "main")
    sha = checkout.commit("feature", "1\n", "Add a feature")
    pushed = slipway("push", "develop")
    created = slipway("pr", "create", "--head", "develop", "--base", "main")
    slipway("pr", "approve", "1", "--as", "alice")
    before = shown("pr", "view", "1")
    slipway("pr", "merge", "1", "--method", "squash")
    merged = slipway("pr", "list", "--state", "all")
    variables = shown("github")

    assert pushed == f"develop is at {sha[:12]}\n"
    assert created == "#1 Add a feature: example:develop → main\n"
    assert (before["mergeable_state"], [one["state"] for one in before["reviews"]]) == ("clean", ["APPROVED"])
    assert merged.splitlines()[1].split() == ["#1", "Add", "a", "feature", "example:develop", "→", "main", "merged"]
    assert variables["GH_REPO"] == "github.localhost/example/cams"
    assert variables["GITHUB_API_URL"] == checkout.url


def test_what_is_refused_is_told_with_a_way_on(checkout: World, capsys: pytest.CaptureFixture[str]) -> None:
    """GitHub's reasons, a command that helps, and exit code 1."""
    rules: dict[str, Any] = {
        "required_status_checks": None,
        "enforce_admins": True,
        "required_pull_request_reviews": {},
        "restrictions": None,
    }
    main(["push", "main"])
    checkout.ask("PUT", "/repos/example/cams/branches/main/protection", rules)
    checkout.commit("direct", "1\n")
    capsys.readouterr()

    code, protected = main(["push", "main"]), capsys.readouterr().err
    missing, unknown = main(["pr", "merge", "9"]), capsys.readouterr().err

    assert (code, missing) == (1, 1)
    assert protected.splitlines()[-4:] == [
        "error: main was not pushed: GH006: Protected branch update failed for refs/heads/main.",
        "- Changes must be made through a pull request.",
        "",
        "hint: ./slipway local pr create --base main --head OTHER",
    ]
    assert "error: the local GitHub refuses: Not Found" in unknown
