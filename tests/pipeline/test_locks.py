"""A locked environment: what would change what runs there ends with who and why, and goes on once it is unlocked."""

from __future__ import annotations

from tests.support.pipeline import Pipeline, digest


def test_a_locked_environment_refuses_with_who_and_why_until_it_is_unlocked(pipeline: Pipeline) -> None:
    """What is built for it, and what is promoted to it, by a squash of the tested tree; then the same runs go on."""
    _, staging, prod = pipeline.environments.values()
    who = pipeline.world.aws("sts").get_caller_identity()["Arn"].rpartition("/")[2]
    pipeline.at("develop")
    pipeline.edit(lock="hake")
    pipeline.push("develop")
    before = digest(staging), digest(prod)
    for name in ("staging", "prod"):
        pipeline.world.slipway("lock", name, "-m", "exam until noon", check=True)

    build = pipeline.merge(pipeline.promotion("staging"))
    stopped = pipeline.ended(build)
    told = pipeline.log(build, "build / image")
    moved = digest(staging)
    pipeline.world.slipway("unlock", "staging", check=True)
    pipeline.rerun(build)
    built = pipeline.succeeded(build)
    promotion = pipeline.merge(pipeline.promotion("prod"), "squash")
    held = pipeline.ended(promotion)
    told_of_prod = pipeline.log(promotion, "promote")
    moved_in_prod = digest(prod)
    pipeline.world.slipway("unlock", "prod", check=True)
    pipeline.rerun(promotion)
    promoted = pipeline.succeeded(promotion)

    assert (stopped["build / image"], stopped["preview"], stopped["up"]) == ("failure", "skipped", "skipped")
    assert f"refused: staging is locked by {who} since " in told
    assert "exam until noon" in told
    assert held["promote"] == "failure"
    assert f"refused: prod is locked by {who} since " in told_of_prod
    assert (moved, moved_in_prod) == before
    assert (built["build / image"], built["up"]) == ("success", "success")
    assert (promoted["promote"], promoted["build / image"]) == ("success", "skipped")
    assert staging.health()["lock"] == prod.health()["lock"] == "hake"
    assert digest(prod) == digest(staging) == prod.health()["version"]
