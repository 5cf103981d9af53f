"""What a push brings where: built once, promoted by its digest, refused where it must not go."""

from __future__ import annotations

from tests.support.pipeline import Pipeline, digest


def test_what_staging_has_built_goes_to_prod_byte_for_byte(pipeline: Pipeline) -> None:
    """A push to staging tests, builds and deploys it, and leaves prod alone; the same tree on main is promoted."""
    staging, prod = pipeline.world.have("staging"), pipeline.world.have("prod")
    before = digest(prod)
    pipeline.edit("herring")

    there = pipeline.ended(pipeline.push("staging"))
    between = digest(prod)
    on = pipeline.ended(pipeline.push("main"))

    assert there["plan"] == there["build / image"] == there["up"] == "success"
    assert there["promote"] == "skipped"
    assert staging.health()["word"] == "herring"
    assert between == before
    assert on["promote"] == "success"
    assert on["up"] == on["build / image"] == "skipped"
    assert prod.health()["word"] == "herring"
    assert digest(prod) == digest(staging) == staging.health()["version"]
