"""What a push brings where: built once, promoted by its digest, refused where it must not go."""

from __future__ import annotations

from tests.support.pipeline import Pipeline, digest


def test_a_commit_goes_from_dev_to_prod_by_merged_pull_requests(pipeline: Pipeline) -> None:
    """dev serves it as soon as it is on develop; staging tests and builds its tree, and prod runs the same image."""
    dev, staging, prod = pipeline.environments.values()
    pipeline.at("develop")
    pipeline.edit("herring")

    in_dev = pipeline.succeeded(pipeline.push("develop"))
    in_staging = pipeline.succeeded(pipeline.merge(pipeline.promotion("staging")))
    in_prod = pipeline.succeeded(pipeline.merge(pipeline.promotion("prod")))

    assert [environment.health()["word"] for environment in (dev, staging, prod)] == ["herring"] * 3
    assert (in_dev["up"], in_dev["build"], in_dev["promote"]) == ("success", "skipped", "skipped")
    assert (in_staging["up"], in_staging["build / image"], in_staging["promote"]) == ("success", "success", "skipped")
    assert (in_prod["up"], in_prod["build / image"], in_prod["promote"]) == ("skipped", "skipped", "success")
    assert digest(prod) == digest(staging) == prod.health()["version"] == staging.health()["version"]
