"""A plan that was kept for a tree is carried out once, when that tree has come; without one, it is made and told."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from typing import Any

import pytest

from console.errors import WRONG_USE, ExplainedError
from infra.release import Release
from ops.environments.up import bring_up
from ops.pipeline.preview import preview
from ops.plans.bound import Bound, difference, digests
from ops.plans.reviewed import Reviewed
from ops.releases.records import Records
from ops.secrets.vault import Vault
from tests.support.account_fakes import refused
from tests.support.plan_fakes import Planned
from tests.support.released_fakes import NEW, STAGING

KEPT = ("cams-state-123456789012", f".pulumi/plans/cams/staging/{'7e' * 20}-unreleased.json")
BOUND = Bound("staging", "c0" * 20, "7e" * 20, "", {}, {}, "v3.255.0", "2026-11-26T12:00:00+00:00", "somebody")
SECRET: dict[str, Any] = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody watches."""
    monkeypatch.setenv("SLIPWAY_WATCH_SECONDS", "0")


def up(there: Planned) -> str:
    """`./slipway up staging --kept`, and what it says."""
    context = there.context()
    bring_up(context, "staging", yes=True, reviewed=Reviewed(kept=True))
    assert isinstance(context.output.stderr, StringIO)
    return context.output.stderr.getvalue()


def test_one_that_was_kept_is_carried_out_once() -> None:
    """It lies beside the state, where the environment's role alone may write."""
    there = Planned()
    preview(there.context(), "staging", keep=True)
    assert [*there.s3.kept] == [KEPT]

    told = up(there)

    assert there.pulumi.held_to == [there.pulumi.plan]
    assert "slipway: doing what was planned for the tree 7e7e7e7e7e7e, and nothing else\n" in told
    assert there.s3.kept == {}


def test_one_that_does_not_fit_any_more_is_refused_and_stays() -> None:
    """Whoever looks at it again keeps another one in its place."""
    there = Planned()
    preview(there.context(), "staging", keep=True)
    there.pulumi.more.append({"type": "t", "urn": "urn:pulumi:staging::cams::a:b:C::d"})

    with pytest.raises(ExplainedError, match="resources that are new: C d"):
        up(there)

    assert (there.pulumi.held_to, [*there.s3.kept]) == ([], [KEPT])


def test_without_one_of_this_tree_it_is_told_what_is_done_and_that_is_done() -> None:
    """As after a merge with something else: the destructive first, before it happens."""
    there = Planned()
    preview(there.context(), "staging", keep=True)
    there.git.commit = replace(there.git.commit, tree="7f" * 20)

    told = up(there)

    assert there.pulumi.held_to == [there.pulumi.plan]
    assert "slipway: no plan was kept for the tree 7f7f7f7f7f7f; what is done instead:\n" in told
    assert "slipway: **staging**: 1 resource would change, **1 of them destroyed**.\n" in told


def test_a_plan_that_was_kept_before_the_release_is_not_its() -> None:
    """What runs is a part of what was looked at: the same tree with another image is another deploy."""
    there = Planned()
    preview(there.context(), "staging", keep=True)
    Records(STAGING, there.ssm).put(Release(digest=NEW))

    preview(there.context(), "staging", keep=True)

    plans = [key.rpartition("-")[2] for _, key in there.s3.kept]
    assert plans == ["unreleased.json", f"{'b' * 64}.json"]


def test_what_the_files_say_alone_is_no_plan() -> None:
    """No cloud was asked."""
    with pytest.raises(ExplainedError) as caught:
        preview(Planned().context(), "staging", declared=True, keep=True)

    assert caught.value.code == WRONG_USE


def test_secrets_are_in_no_digest_and_all_else_is() -> None:
    """The same secret has another ciphertext each time that it is written."""
    one: dict[str, Any] = {
        "type": "t",
        "urn": "u",
        "id": "1",
        "inputs": {"a": {**SECRET, "ciphertext": "x"}, "b": [1]},
    }

    def of(**changes: Any) -> dict[str, str]:
        return digests([{**one, **changes}])

    assert of(inputs={"a": {**SECRET, "ciphertext": "y"}, "b": [1]}, modified="later") == of()
    assert of(inputs={"a": {**SECRET, "ciphertext": "x"}, "b": [2]}) != of()
    assert of(id="2") != of()
    assert of(protect=True) != of()
    assert digests([one, one]) != of()


def test_a_difference_names_what_has_changed_and_counts_what_is_too_much() -> None:
    """Resources by type and name, secrets by name; never a value."""
    before = replace(
        BOUND, secrets={"A_KEY": "1", "B_KEY": "1"}, resources={"urn:1::a:b:C::d": "1", "urn:1::a:b:C::e": "1"}
    )
    now = replace(
        before,
        secrets={"A_KEY": "2", "B_KEY": "1"},
        resources={"urn:1::a:b:C::d": "2", **{f"urn:1::a:b:C::n{number:02}": "1" for number in range(12)}},
    )

    assert difference(before, before, []) == []
    assert difference(before, now, []) == [
        "secrets that were set anew: A_KEY",
        f"resources that are new: {', '.join(f'C n{number:02}' for number in range(10))} and 2 more",
        "resources that are changed: C d",
        "resources that are gone: C e",
    ]


def test_the_vault_tells_which_value_each_declared_secret_has() -> None:
    """Its number of it; nothing of one that is not set, and never the value."""

    class Manager:
        def describe_secret(self, SecretId: str) -> dict[str, object]:  # noqa: N803 - AWS's own names
            if SecretId.endswith("B_KEY"):
                raise refused("ResourceNotFoundException")
            return {"VersionIdsToStages": {"old": ["AWSPREVIOUS"], "new": ["AWSCURRENT"]}}

    stack = STAGING.model_copy(update={"secrets": ("A_KEY", "B_KEY")})

    assert Vault(stack, Manager(), None).versions() == {"A_KEY": "new"}
