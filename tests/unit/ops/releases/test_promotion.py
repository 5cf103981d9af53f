"""What was tested is what runs: the same bytes in the next environment, or a refusal that says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from console.errors import REFUSED, WRONG_USE, ExplainedError
from infra.load import from_file
from infra.release import Release
from ops.context import Context
from ops.doors.committed import Commit
from ops.environments.up import Report as Up
from ops.releases import attachments, bundles, promotion
from ops.releases.authority import Authority
from ops.releases.lock import Lock, Locks
from ops.releases.promotion import promote
from ops.releases.provenance import PREDICATE
from ops.releases.records import Records
from tests.support.plain_registry import plain_registry, pushed
from tests.support.provenances import BUILT, KeyPair
from tests.support.releasing import MIGRATIONS, TREE, World, local_cloud

STAGING, PROD = from_file("staging"), from_file("prod")
OTHER = "01" * 20


@dataclass
class Ups:
    """What was brought up, and what was recorded then."""

    world: World
    of: list[str] = field(default_factory=list)

    def __call__(self, context: Context, environment: str, **how: Any) -> Up:
        assert how == {"yes": False, "what": "release promote"}
        assert recorded(self.world)
        self.of.append(environment)
        return Up({"url": "https://prod.example.org"}, 1, 1.0)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Staging has built the tree, and its release has passed the gate."""
    for name in ("GITHUB_ACTIONS", "GITHUB_REF", "GITHUB_ACTOR"):
        monkeypatch.delenv(name, raising=False)
    with plain_registry(lists_referrers=True) as registry:
        one = World(registry, local_cloud(tmp_path))
        built = one.build("staging", test_run="https://github.com/example/cams/actions/runs/1")
        Records(STAGING, one.ssm).has_passed(built.release.digest)
        yield one


@pytest.fixture
def up(world: World) -> Ups:
    """In place of Pulumi."""
    return Ups(world)


def recorded(world: World) -> list[Release]:
    """The history of prod, newest first."""
    return [entry.release for entry in Records(PROD, world.ssm).history() if entry.release]


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


def test_a_lock_that_is_taken_while_the_image_is_copied_counts(world: World, up: Ups) -> None:
    """Nothing is recorded that the next `up` would bring."""
    lock = Lock(by="octocat", at=world.git.commit.when, why="an exam")
    world.meanwhile = lambda: Locks(PROD, world.ssm).take(lock)

    with pytest.raises(ExplainedError, match="is locked by octocat since"):
        promote(world.context, "prod", up=up)

    assert (recorded(world), up.of) == ([], [])


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


def test_a_machine_whose_clock_is_behind_records_nothing(world: World, up: Ups) -> None:
    """Its record would be taken for an old one that somebody wrote again, by every `up` from then on."""
    later = datetime.now(UTC) + timedelta(hours=1)
    world.ssm.writes += 10_000  # AWS's clock says so, too
    Records(PROD, world.ssm).put(Release(digest="sha256:" + "ab" * 32, at=later))

    with pytest.raises(ExplainedError, match=r"^refused: the clock of this machine says") as refused:
        promote(world.context, "prod", up=up)

    assert refused.value.code == REFUSED
    assert (len(recorded(world)), up.of) == (1, [])


def test_a_machine_whose_clock_was_ahead_stops_nobody(world: World, up: Ups) -> None:
    """What it wrote is of a time that AWS had not seen yet."""
    future = datetime.now(UTC) + timedelta(days=365)
    Records(PROD, world.ssm).put(Release(digest="sha256:" + "ab" * 32, at=future))

    promote(world.context, "prod", up=up)

    assert up.of == ["prod"]


def test_a_locked_environment_is_promoted_nothing_to(world: World, up: Ups) -> None:
    """Who and why is told, and nothing is copied."""
    Locks(PROD, world.ssm).take(Lock(by="octocat", at=world.git.commit.when, why="an exam"))

    with pytest.raises(ExplainedError, match="is locked by octocat since"):
        promote(world.context, "prod", up=up)

    assert up.of == []
    assert world.registry.asked["PUT cams-prod/manifests"] == 0


def test_of_two_promotions_at_once_the_second_is_refused(world: World, up: Ups) -> None:
    """It did not know of the other's image; repeated, it does."""
    first = Release(digest="sha256:" + "ab" * 32, tree=OTHER)
    world.meanwhile = lambda: Records(PROD, world.ssm).put(first)

    with pytest.raises(ExplainedError, match="another release of prod was recorded meanwhile") as refused:
        promote(world.context, "prod", up=up)

    assert refused.value.code == REFUSED
    assert (recorded(world), up.of) == ([first], [])
    world.meanwhile = None
    promote(world.context, "prod", up=up)
    assert up.of == ["prod"]
