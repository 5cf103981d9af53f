"""A plan that was reviewed is carried out as it is, or refused with what has changed, before anything is."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from console.errors import REFUSED, WRONG_USE, ExplainedError
from infra.release import Release
from ops.environments.up import bring_up
from ops.pipeline.preview import preview
from ops.plans.reviewed import Reviewed
from ops.releases.pending import Note, Pending
from ops.releases.records import Records
from tests.support.plan_fakes import NOON, Planned
from tests.support.released_fakes import NEW, OLD, STAGING

MEDIA = {
    "type": "aws:s3/bucket:Bucket",
    "urn": "urn:pulumi:staging::cams::aws:s3/bucket:Bucket::media",
    "id": "media",
    "inputs": {},
}
HINT = (
    "\n\nhint: nothing was changed; to plan what would change now: ./slipway preview staging --save FILE (or --keep)"
)


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody watches."""
    monkeypatch.setenv("SLIPWAY_WATCH_SECONDS", "0")


@pytest.fixture
def there() -> Planned:
    """As it was when the plan was made."""
    return Planned()


def saved(there: Planned, folder: Path) -> Path:
    """By the command."""
    path = folder / "staging.plan"
    preview(there.context(), "staging", save=path)
    return path


def up(there: Planned, reviewed: Reviewed, **how: Any) -> None:
    """By the command."""
    bring_up(there.context(), "staging", yes=True, reviewed=reviewed, **how)


def said(error: pytest.ExceptionInfo[ExplainedError]) -> str:
    """Why it is refused."""
    assert error.value.code == REFUSED
    text = str(error.value)
    assert text.startswith("refused: this plan is not carried out in staging: ")
    assert text.endswith(HINT)
    return text.removeprefix("refused: this plan is not carried out in staging: ").removesuffix(HINT)


def test_what_was_saved_is_what_pulumi_is_held_to(there: Planned, tmp_path: Path) -> None:
    """The same bytes, for its owner alone to read, and as often as nothing has changed."""
    path = saved(there, tmp_path)

    up(there, Reviewed(path))
    up(there, Reviewed(path))

    assert there.pulumi.held_to == [there.pulumi.plan] * 2
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["staging.plan"]


def test_a_file_shows_what_it_is_bound_to_and_nothing_of_the_plan(there: Planned, tmp_path: Path) -> None:
    """People can see of which commit it is; what Pulumi writes is for the environment's key alone."""
    text = saved(there, tmp_path).read_text()

    bound = json.loads(text)["bound"]
    assert (bound["environment"], bound["commit"], bound["by"]) == ("staging", "c0" * 20, "somebody")
    assert "of Pulumi" not in text
    assert there.pulumi.plan not in b64decode(json.loads(text)["plan"])


def newer_tree(there: Planned) -> None:
    there.git.commit = replace(there.git.commit, id="c1" * 20, tree="7f" * 20)


def unknown_tree(there: Planned) -> None:
    newer_tree(there)
    there.git.differing = None


def other_release(there: Planned) -> None:
    Records(STAGING, there.ssm).put(Release(digest=NEW))


def new_resource(there: Planned) -> None:
    there.pulumi.more.append(MEDIA)


def other_engine(there: Planned) -> None:
    there.pulumi.number.append("v3.256.0")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (newer_tree, "files, from c0c0c0c0c0c0 to c1c1c1c1c1c1: infra/stack.py"),
        (unknown_tree, "files, from c0c0c0c0c0c0 to c1c1c1c1c1c1: of a commit that this checkout does not have"),
        (other_release, f"release, from none to {NEW[:19]}"),
        (new_resource, "resources that are new: Bucket media"),
    ],
)
def test_what_has_changed_since_is_told_and_nothing_is_done(
    there: Planned, tmp_path: Path, change: Callable[[Planned], None], told: str
) -> None:
    """With exit code 3, and a line in the audit."""
    path = there.file(tmp_path, datetime.now(UTC))
    change(there)

    with pytest.raises(ExplainedError) as caught:
        there.planning(datetime.now(UTC)).fitting(path.read_bytes())

    assert said(caught).partition("\n")[2].strip() == told


def test_a_refused_plan_leaves_all_as_it_was_and_a_line_in_the_audit(there: Planned, tmp_path: Path) -> None:
    """Pulumi is not even started."""
    path = saved(there, tmp_path)
    new_resource(there)

    with pytest.raises(ExplainedError) as caught:
        up(there, Reviewed(path))

    assert said(caught).splitlines()[1:] == ["  resources that are new: Bucket media"]
    assert there.pulumi.held_to == []
    assert set(there.render.runs().values()) == {OLD}
    assert [line["outcome"] for line in there.told()] == [str(caught.value).partition("\n")[0]]


def test_a_commit_with_the_same_files_is_the_same(there: Planned, tmp_path: Path) -> None:
    """A merge of what was reviewed is another commit of the same tree."""
    path = saved(there, tmp_path)
    there.git.commit = replace(there.git.commit, id="c1" * 20)

    up(there, Reviewed(path))

    assert there.pulumi.held_to == [there.pulumi.plan]


def test_an_up_that_ended_half_way_needs_a_new_plan(there: Planned, tmp_path: Path) -> None:
    """What it did is a change as any other; the refusal says which."""
    path = saved(there, tmp_path)
    object.__setattr__(there.pulumi, "code", 255)
    with pytest.raises(ExplainedError, match="staging is not up"):
        up(there, Reviewed(path))
    new_resource(there)

    with pytest.raises(ExplainedError) as caught:
        up(there, Reviewed(path))

    assert said(caught).endswith("resources that are new: Bucket media")


@pytest.mark.parametrize(
    ("now", "fits"),
    [(NOON + timedelta(days=7), True), (NOON + timedelta(days=7, seconds=1), False)],
)
def test_a_plan_is_good_for_seven_days(there: Planned, tmp_path: Path, now: datetime, fits: bool) -> None:
    """The age is told."""
    text = there.file(tmp_path).read_bytes()

    if fits:
        assert there.planning(now).fitting(text) == there.pulumi.plan
    else:
        with pytest.raises(ExplainedError) as caught:
            there.planning(now).fitting(text)
        assert said(caught) == "it is 7 days old, and after 7 it has to be made anew"


def test_another_pulumi_does_not_read_it(there: Planned, tmp_path: Path) -> None:
    """Its plans are an experiment, and have no format that it keeps."""
    text = there.file(tmp_path).read_bytes()
    other_engine(there)

    with pytest.raises(ExplainedError) as caught:
        there.planning().fitting(text)

    assert said(caught) == "Pulumi v3.255.0 has made it, and this is Pulumi v3.256.0"


def flipped(text: str) -> str:
    """One bit of what is sealed."""
    hidden = bytearray(b64decode(text))
    hidden[-1] ^= 1
    return b64encode(hidden).decode()


EDITED = "it was edited, or not sealed with the key of staging as that is now"
FOREIGN = "it is not one that `./slipway preview --save` has written"


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (lambda file: file["bound"].update(tree="7f" * 20), EDITED),
        (lambda file: file["bound"].update(more="words"), EDITED),
        (lambda file: file["bound"]["resources"].clear(), EDITED),
        (lambda file: file.update(plan=flipped(file["plan"])), EDITED),
        (lambda file: file.update(plan=""), EDITED),
        (lambda file: file.update(key=flipped(file["key"])), EDITED),
        (lambda file: file.update(key=""), EDITED),
        (lambda file: file.update(plan="no base64"), FOREIGN),
        (lambda file: file.update(plan=7), FOREIGN),
        (lambda file: file.pop("bound"), FOREIGN),
        (lambda file: file.update(bound=[]), FOREIGN),
        (lambda file: file.update(slipway_plan=2), "it is of format 2, and this is a Slipway of format 1"),
        (lambda file: file["bound"].update(environment="prod"), "it is a plan of prod"),
    ],
)
def test_a_plan_that_was_edited_is_refused(
    there: Planned, tmp_path: Path, edit: Callable[[dict[str, Any]], Any], why: str
) -> None:
    """Whatever was touched: what it is bound to, the plan, or the key."""
    file = json.loads(there.file(tmp_path).read_text())
    edit(file)

    with pytest.raises(ExplainedError) as caught:
        there.planning().fitting(json.dumps(file).encode())

    assert said(caught) == why


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"manifest": {}, "resourcePlans": {}}'])
def test_what_is_no_plan_is_refused(there: Planned, text: bytes) -> None:
    """Empty, cut off, or what a bare `pulumi preview --save-plan` has written."""
    with pytest.raises(ExplainedError) as caught:
        there.planning().fitting(text)

    assert said(caught) == FOREIGN


def test_a_plan_that_somebody_else_has_sealed_is_refused(there: Planned, tmp_path: Path) -> None:
    """With a key that every environment of the account may use."""
    text = there.file(tmp_path).read_text()
    file = json.loads(text)
    file["key"] = b64encode(b64decode(file["key"]).replace(b"alias/cams-staging", b"alias/cams-state")).decode()

    with pytest.raises(ExplainedError) as caught:
        there.planning().fitting(json.dumps(file).encode())

    assert said(caught) == EDITED


def test_an_environment_without_a_key_yet_is_planned_with_the_accounts(there: Planned, tmp_path: Path) -> None:
    """Its own one comes with its first `up`; without either, bootstrap is due."""
    there.kms.aliases.discard("alias/cams-staging")

    assert there.planning().fitting(there.file(tmp_path).read_bytes()) == there.pulumi.plan

    there.kms.aliases.clear()
    with pytest.raises(
        ExplainedError, match=r"there is no KMS key alias/cams-state yet\n\nhint: ./slipway bootstrap"
    ):
        there.file(tmp_path)


def test_nothing_is_planned_of_what_is_not_committed(there: Planned, tmp_path: Path) -> None:
    """Nor carried out: the plan's own file is all that may lie beside."""
    path = there.file(tmp_path)
    there.git.changed = ["infra/stack.py"]

    for attempt in (lambda: saved(there, tmp_path), lambda: there.planning().fitting(path.read_bytes())):
        with pytest.raises(ExplainedError) as caught:
            attempt()
        assert caught.value.code == REFUSED
        assert str(caught.value).startswith(
            "refused: the checkout has changes that are not committed: infra/stack.py;"
        )

    there.git.changed = [str(path)]
    assert there.planning().fitting(path.read_bytes(), beside=path) == there.pulumi.plan


def test_a_release_on_its_way_back_comes_first(there: Planned, tmp_path: Path) -> None:
    """The next `up` finishes that, and then the plan is of something else."""
    text = there.file(tmp_path).read_bytes()
    Note(STAGING, there.ssm).write(Pending(phase="going back", before={}))

    with pytest.raises(ExplainedError, match=r"still on its way back\n\nhint: ./slipway up staging$"):
        there.planning().fitting(text)


@pytest.mark.parametrize(
    ("reviewed", "how"),
    [
        (Reviewed(Path("a.plan")), {"refresh": True}),
        (Reviewed(Path("a.plan")), {"recreate": ["cams-staging-db"]}),
        (Reviewed(kept=True), {"refresh": True}),
        (Reviewed(Path("a.plan"), kept=True), {}),
        (Reviewed(Path("not there.plan")), {}),
    ],
)
def test_words_that_do_not_go_together_are_wrong_use(there: Planned, reviewed: Reviewed, how: dict[str, Any]) -> None:
    """Told before any cloud is asked."""
    with pytest.raises(ExplainedError) as caught:
        up(there, reviewed, **how)

    assert caught.value.code == WRONG_USE
