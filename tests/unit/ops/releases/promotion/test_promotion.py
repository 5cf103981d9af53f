"""What was tested is what runs: the same bytes in the next environment, or a refusal that says what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from console.errors import REFUSED, WRONG_USE, ExplainedError
from infra.load import from_file
from ops.doors.committed import Commit
from ops.releases import attachments, bundles, promotion
from ops.releases.authority import Authority
from ops.releases.promotion import promote
from ops.releases.provenance import PREDICATE
from ops.releases.records import Records
from tests.support.plain_registry import pushed
from tests.support.promoting import OTHER, STAGING, Ups, recorded
from tests.support.provenances import BUILT, KeyPair
from tests.support.releasing import MIGRATIONS, TREE, World


def test_the_same_bytes_run_in_the_next_environment(world: World, up: Ups) -> None:
    """Image, packages and signatures are copied, verified there, recorded, and brought up through the gate."""
    tested = Records(STAGING, world.ssm).current()
    assert tested is not None
    world.git.commit = Commit("de" * 20, TREE, world.git.commit.when)  # the merge, whose tree is the tested one

    report = promote(world.context, "prod", up=up)

    there, here = world.registry.images("cams-staging"), world.registry.images("cams-prod")
    assert here.manifest(tested.digest) == there.manifest(tested.digest)
    for kind in (bundles.MEDIA_TYPE, attachments.SBOM_TYPE):
        assert here.referrers(tested.digest, kind) == there.referrers(tested.digest, kind)
    [record] = recorded(world)
    assert record == report.release
    assert (record.event, record.source, record.by) == ("promoted", "staging", "somebody")
    kept = ("digest", "tree", "commit", "sbom", "provenance", "test_run", "migrations")
    assert {name: getattr(record, name) for name in kept} == {name: getattr(tested, name) for name in kept}
    assert up.of == ["prod"]
    assert report.shown()["url"] == "https://prod.example.org"


def test_a_promotion_can_be_repeated(world: World, up: Ups) -> None:
    """One that was ended after its record goes on with the rest; there is one record of it."""
    promote(world.context, "prod", up=up)
    promote(world.context, "prod", up=up)

    assert (len(recorded(world)), up.of) == (1, ["prod", "prod"])


@pytest.mark.parametrize("tested", [TREE, None], ids=["another tree", "a record of before there were trees"])
def test_a_tree_that_was_not_tested_is_not_promoted(world: World, up: Ups, tested: str | None) -> None:
    """A squash with something else in it, a hotfix: it has to be built and tested."""
    records = Records(STAGING, world.ssm)
    current = records.current()
    assert current is not None
    records.put(current.model_copy(update={"tree": tested}))
    records.has_passed(current.digest)
    world.git.commit = Commit("de" * 20, OTHER, world.git.commit.when)

    with pytest.raises(
        ExplainedError, match=r"^refused: the tree 010101010101 of `main` was not tested: "
    ) as refused:
        promote(world.context, "prod", up=up)

    assert refused.value.code == REFUSED
    assert "./slipway release build prod, then ./slipway up prod" in str(refused.value)
    assert (recorded(world), up.of) == ([], [])
    assert world.registry.images("cams-prod").manifest(current.digest) is None


def test_what_has_not_run_in_the_environment_before_is_not_promoted(world: World, up: Ups) -> None:
    """Built, signed and recorded is not tested: what has passed there before is of another tree."""
    records = Records(STAGING, world.ssm)
    world.git.commit = Commit("de" * 20, OTHER, world.git.commit.when)
    world.build("staging")

    with pytest.raises(
        ExplainedError, match=r"^refused: the tree 010101010101 of `main` has not passed the gate of staging: "
    ) as refused:
        promote(world.context, "prod", up=up)

    assert refused.value.code == REFUSED
    assert "hint: ./slipway up staging, and run the same command again" in str(refused.value)
    assert (recorded(world), up.of) == ([], [])
    current = records.current()
    assert current is not None
    records.has_passed(current.digest)
    promote(world.context, "prod", up=up)
    assert up.of == ["prod"]


def test_what_was_built_since_is_in_the_way_of_nothing(world: World, up: Ups) -> None:
    """Another tree was built in staging, and has not run there: what passed there before it is promoted."""
    passed, head = Records(STAGING, world.ssm).passed(), world.git.commit
    world.git.commit = Commit("de" * 20, OTHER, head.when)
    world.build("staging")
    world.git.commit = head

    promote(world.context, "prod", up=up)

    assert passed is not None
    assert [one.digest for one in recorded(world)] == [passed.digest]


def test_nothing_is_promoted_of_an_environment_that_has_released_nothing(world: World, up: Ups) -> None:
    """dev has built nothing yet."""
    with pytest.raises(ExplainedError, match="dev has released nothing of a known tree"):
        promote(world.context, "staging", up=up)


def test_dev_has_nothing_before_it(world: World, up: Ups) -> None:
    """That is a wrong use."""
    with pytest.raises(ExplainedError, match="there is no environment before it") as refused:
        promote(world.context, "dev", up=up)

    assert refused.value.code == WRONG_USE


def test_what_is_not_signed_by_whom_is_trusted_is_copied_and_not_released(world: World, up: Ups) -> None:
    """Staging's key is another one now, as the stack file of prod knows it."""
    world.kms.pairs[STAGING.names.release_key_alias] = KeyPair()

    with pytest.raises(ExplainedError, match="in prod is not verified: rule signer: ") as refused:
        promote(world.context, "prod", up=up)

    assert refused.value.code == REFUSED
    assert (recorded(world), up.of) == ([], [])


def test_what_was_built_too_long_ago_is_not_promoted(world: World, up: Ups) -> None:
    """What was tested then was tested against another world; what runs may go on running."""
    records, images = Records(STAGING, world.ssm), world.registry.images("cams-staging")
    current = records.current()
    image = images.manifest(current.digest) if current else None
    assert current
    assert image
    long_ago = replace(BUILT, digest=image.digest, finished=datetime.now(UTC) - timedelta(days=91))
    bundle = Authority(world.context, world.cloud, STAGING).sign(long_ago.statement())
    artifact = attachments.attach_bundle(images, image, bundle, PREDICATE)
    records.put(current.model_copy(update={"provenance": artifact}))
    records.has_passed(current.digest)

    with pytest.raises(ExplainedError, match="rule age: it was built 91 days ago, and 90 are allowed"):
        promote(world.context, "prod", up=up)

    assert up.of == []


def test_a_tree_that_was_built_here_too_is_no_obstacle(world: World, up: Ups) -> None:
    """Its tag stays where it is; what was tested is known by its digest."""
    here, tag = world.registry.images("cams-prod"), f"tree-{TREE[:12]}"
    own = pushed(here, b"another layer", tag)

    promote(world.context, "prod", up=up)

    tested = Records(STAGING, world.ssm).current()
    assert tested
    assert (here.manifest(tag), recorded(world)[0].digest, up.of) == (own, tested.digest, ["prod"])


def test_another_accounts_image_is_promoted_with_its_migrations_and_packages(
    world: World, up: Ups, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its record is not to be read; without migrations no way back would ever be refused."""
    elsewhere = STAGING.model_copy(update={"aws": STAGING.aws.model_copy(update={"account": "210987654321"})})
    monkeypatch.setattr(promotion, "load", lambda name: elsewhere if name == "staging" else from_file(name))

    promote(world.context, "prod", up=up, migrations=lambda context: MIGRATIONS)

    tested, [record] = Records(STAGING, world.ssm).current(), recorded(world)
    assert tested
    assert (record.migrations, record.sbom, record.digest) == (MIGRATIONS, tested.sbom, tested.digest)
