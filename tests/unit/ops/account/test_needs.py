"""What is needed is said before anything is made, and looked at where that is possible."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from console.errors import WRONG_USE, ExplainedError
from ops.__main__ import main
from ops.account import needs
from ops.account.needs import Need
from ops.context import Context, Doors
from ops.doors.cloud import Cloud
from ops.doors.git import branch_exists
from ops.environments.stacks import load_all
from render_api.errors import NotFound, RefusedError
from tests.support.account_fakes import Account, Workspace

OWNER = "tea-c0ffee00000000000000"
STACKS = load_all()


class Answers:
    """Answers what it was told, and 404 to all else; only looks are possible."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {f"/{path.replace('__', '/')}": answer for path, answer in answers.items()}

    def get(self, path: str) -> Any:
        """GET."""
        path = path.replace(OWNER, "ID")
        if path not in self.answers:
            raise NotFound(f"GET {path}", "not found", status=404)
        return self.answers[path]


def unseen(repository: str, branch: str) -> bool | None:
    """A repository that cannot be looked at from here."""
    del repository, branch
    return None


def states(found: list[Need]) -> dict[str, str]:
    """The state of each."""
    return {need.what: need.state for need in found}


def test_the_stack_files_alone_say_which_plan_is_needed_and_why() -> None:
    """Three environments, isolation, protection and OIDC: the reasons that Render's documents name."""
    [plan, *_] = needs.declared(STACKS)

    assert plan.what == "Render: workspace on Pro or higher"
    assert plan.why.startswith(
        "3 environments in a project (Hobby has 2), network isolation, protection of prod, OIDC to AWS"
    )
    assert plan.state == "to check"


def test_without_oidc_that_is_no_reason() -> None:
    """`identity: access_key` is for workspaces without it."""
    given = [stack.model_copy(update={"identity": "access_key"}) for stack in STACKS]

    assert "OIDC" not in needs.declared(given)[0].why


@pytest.mark.parametrize(("role", "state"), [("ADMIN", "there"), ("DEVELOPER", "missing")])
def test_the_role_of_the_keys_user_is_looked_at(role: str, state: str) -> None:
    """A protected environment is for admins."""
    members = [{"email": "other@example.com", "role": "ADMIN"}, {"email": "me@example.com", "role": role}]
    render = Answers(owners__ID={"id": OWNER}, users={"email": "me@example.com"}, owners__ID__members=members)

    found = needs.looked_at(needs.declared(STACKS), render, OWNER, STACKS, unseen)

    assert states(found)["Render: the API key of an admin"] == state


def test_what_cannot_be_seen_stays_to_be_checked() -> None:
    """A workspace that does not tell its members, a repository that is private."""
    render = Answers(owners__ID={"id": OWNER})

    found = needs.looked_at(needs.declared(STACKS), render, OWNER, STACKS, unseen)

    assert set(states(found).values()) == {"to check"}
    assert {f"GitHub: branch {name}" for name in ("develop", "staging", "main")} <= set(states(found))


def test_a_workspace_that_the_key_does_not_reach_is_wrong_use() -> None:
    """Before anything is made."""
    with pytest.raises(
        ExplainedError, match=rf"cannot use Render workspace {OWNER}: (.|\n)*hint: RENDER_OWNER_ID"
    ) as caught:
        needs.looked_at([], Answers(), OWNER, STACKS, unseen)

    assert caught.value.code == WRONG_USE


def test_a_key_that_render_refuses_is_told_in_one_piece() -> None:
    """As every error."""

    class Refusing:
        def get(self, path: str) -> Any:
            raise RefusedError(f"GET {path}", "unauthorized", status=401)

    with pytest.raises(
        ExplainedError, match=rf"cannot look at Render workspace {OWNER}: .*unauthorized(.|\n)*hint: "
    ):
        needs.looked_at([], Refusing(), OWNER, STACKS, unseen)


def test_a_branch_is_there_missing_or_cannot_be_seen(tmp_path: Path) -> None:
    """A repository that is not there is not taken for one without the branch."""
    repository = tmp_path / "repository"
    for words in (["init", "-q", "-b", "main"], ["commit", "-q", "--allow-empty", "-m", "one"]):
        git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", "-C", str(repository)]
        repository.mkdir(exist_ok=True)
        subprocess.run([*git, *words], check=True)

    asked = [
        branch_exists(str(where), branch)
        for where, branch in ((repository, "main"), (repository, "develop"), (tmp_path / "none", "main"))
    ]

    assert asked == [True, False, None]


def test_needs_and_price_are_said_before_a_credential_is_missed(capsys: pytest.CaptureFixture[str]) -> None:
    """Who has no account yet learns what it takes."""
    cloud = Cloud({"RENDER_API_KEY": "rnd_x"}, is_local=False)

    code = main(["bootstrap"], Context(Doors(choose=lambda **_: cloud)))

    said = capsys.readouterr()
    assert code == WRONG_USE
    assert "to check  Render: workspace on Pro or higher: " in said.out
    assert "(https://render.com/pricing, 2026-08-09)" in said.out
    assert "together      485.30" in said.out
    assert "RENDER_OWNER_ID is not set" in said.err


def test_programs_get_needs_and_bills_too(capsys: pytest.CaptureFixture[str]) -> None:
    """One document, with the date of its prices."""
    cloud, aws = Cloud({"RENDER_API_KEY": "rnd_x", "RENDER_OWNER_ID": OWNER}, is_local=True), Account()
    clients = {"sts": aws, "kms": aws.kms, "s3": aws.s3, "iam": aws.iam}
    doors = Doors(choose=lambda **_: cloud, aws=lambda *_: clients.__getitem__, render=lambda *_, **__: Workspace())

    assert main(["bootstrap", "--json"], Context(doors)) == 0

    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["needs", "monthly", "account"]
    assert told["monthly"]["as_of"] == "2026-08-09"
    assert {name: bill["usd"] for name, bill in told["monthly"]["bills"].items()} == {
        "dev": 37.6,
        "staging": 53.6,
        "prod": 368.1,
        "shared": 26.0,
    }
