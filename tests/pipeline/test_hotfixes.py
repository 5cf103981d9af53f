"""What is mended on main at once: what becomes of it there, of what is promoted beside it, and on develop."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.support.pipeline import Pipeline, digest

Jobs = dict[str, str]
BUILT = ("test / unit and house rules", "build / image", "up")


@dataclass
class Hotfix:
    """What became of it."""

    jobs: dict[str, Jobs]
    served: dict[str, dict[str, str]]
    """What prod says of itself after each step, and dev at the end."""
    digests: dict[str, str]
    title: str
    """Of the pull request that brings it back."""


@pytest.fixture(scope="module")
def hotfix(pipeline: Pipeline) -> Hotfix:
    """On main, while a change is on its way to staging; then that is squashed into main, and the fix comes back."""
    dev, staging, prod = pipeline.environments.values()
    pipeline.at("develop")
    pipeline.edit(beside="cod")
    pipeline.push("develop")
    change = pipeline.merge(pipeline.promotion("staging"))
    pipeline.at("main")
    pipeline.edit(fix="mended")
    fix = pipeline.push("main")

    jobs = {"fix": pipeline.succeeded(fix), "staging": pipeline.succeeded(change)}
    served = {"fix": prod.health()}
    digests = {"staging": digest(staging), "fix": digest(prod)}
    jobs["squash"] = pipeline.succeeded(pipeline.merge(pipeline.promotion("prod"), "squash"))
    served["squash"], digests["squash"] = prod.health(), digest(prod)
    back = pipeline.pull("main", "develop")
    jobs["back"] = pipeline.succeeded(pipeline.merge(back))
    served["back"] = dev.health()
    return Hotfix(jobs, served, digests, str(pipeline.ask("GET", f"pulls/{back}")["title"]))


def test_a_hotfix_on_main_is_tested_built_and_deployed_there(hotfix: Hotfix) -> None:
    """staging does not have its tree, so nothing is promoted; what staging does at the same time is not in it."""
    jobs = hotfix.jobs["fix"]

    assert [jobs[job] for job in BUILT] == ["success"] * 3
    assert jobs["promote"] == "skipped"
    assert hotfix.served["fix"]["fix"] == "mended"
    assert "beside" not in hotfix.served["fix"]


def test_a_squash_whose_tree_nobody_has_tested_is_built_anew(hotfix: Hotfix) -> None:
    """What staging has tested and the hotfix together are what was never run."""
    jobs, said = hotfix.jobs["squash"], hotfix.served["squash"]

    assert [jobs[job] for job in BUILT] == ["success"] * 3
    assert jobs["promote"] == "skipped"
    assert (said["beside"], said["fix"]) == ("cod", "mended")
    assert said["version"] == hotfix.digests["squash"]
    assert len(set(hotfix.digests.values())) == 3


def test_a_hotfix_comes_back_to_develop_by_a_pull_request(hotfix: Hotfix) -> None:
    """The pipeline has opened it; once it is merged, dev serves the fix, too."""
    assert hotfix.title == "Bring main back to develop"
    assert hotfix.jobs["back"]["up"] == "success"
    assert hotfix.served["back"]["fix"] == "mended"
