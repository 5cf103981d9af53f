"""What a promotion tells beside its commits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from infra.application import APPLICATION
from ops.context import Doors
from ops.doors.programs import ROOT
from ops.environments.stacks import load_all
from ops.pipeline.brings import told
from ops.pipeline.checkout import Checkout
from ops.pipeline.promotions import Step

_, STAGING, PROD = load_all()
FILES = {path.name: path.read_text() for path in ROOT.glob("Pulumi.*.yaml")}


def answers(added: list[str], prod: str) -> Doors:
    """Git, where staging has added these files and says that of prod."""

    def git(folder: Path, verb: str, *words: str) -> str | None:
        assert folder == ROOT
        if verb == "diff":
            return "\n".join(added)
        revision, _colon, name = words[-1].partition(":")
        assert verb == "show"
        return prod if (revision, name) == ("refs/remotes/origin/staging", "Pulumi.prod.yaml") else FILES.get(name)

    return replace(Doors(), git_answer=git)


def test_migrations_and_settings_are_told_and_counted() -> None:
    """New migrations of the application by their names, and what the environment's own file would change."""
    prod = FILES["Pulumi.prod.yaml"].replace("cams:region: frankfurt", "cams:region: oregon")
    added = [
        f"{APPLICATION.root}/exams/migrations/0009_room.py",
        f"{APPLICATION.root}/exams/migrations/__init__.py",
        "docs/migrations/0001_no.py",
    ]
    step = Step(STAGING, PROD, ("abc1 Add rooms",))

    text = told(step, Checkout(answers(added, prod))).text()
    plain = told(step, Checkout(answers([], FILES["Pulumi.prod.yaml"]))).text()

    assert "Brings 1 commit, **1 migration** and **1 changed setting** of `staging` to prod:" in text
    assert "- `exams.0009_room`\n" in text
    assert "| `region` | `frankfurt` | `oregon` |" in text
    assert "Brings 1 commit of `staging` to prod:\n\n- abc1 Add rooms\n\nMerged with" in plain
