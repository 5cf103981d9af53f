"""A release is built once for each tree, of what is committed on the branch, and signed before it has its tag."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from console.errors import REFUSED, ExplainedError
from infra.load import from_file
from infra.release import Release
from ops.doors.committed import Commit
from ops.releases import attachments, bundles, passed
from ops.releases.lock import Lock, Locks
from ops.releases.provenance import PREDICATE
from ops.releases.records import Records
from ops.releases.sbom import locked, packages
from registry_api.images import Images
from registry_api.manifests import digest_of
from tests.support.plain_registry import plain_registry, pushed
from tests.support.releasing import MIGRATIONS, TREE, World, local_cloud

STAGING = from_file("staging")
TAG = f"tree-{TREE[:12]}"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """With an empty registry; we are in no job of a workflow."""
    for name in ("GITHUB_ACTIONS", "GITHUB_REF", "GITHUB_ACTOR"):
        monkeypatch.delenv(name, raising=False)
    with plain_registry(lists_referrers=True) as registry:
        yield World(registry, local_cloud(tmp_path))


def recorded(world: World) -> list[Release]:
    """The history of staging, newest first."""
    return [entry.release for entry in Records(STAGING, world.ssm).history() if entry.release]


def test_what_is_committed_is_built_signed_and_recorded(world: World) -> None:
    """The tag of the tree is set last; the record names the artifacts that hang on the image."""
    report = world.build("staging")

    images = world.registry.images("cams-staging")
    image = images.manifest(TAG)
    assert image is not None
    [record] = recorded(world)
    assert record == report.release
    assert (record.digest, record.tree, record.commit) == (image.digest, TREE, "c0" * 20)
    assert (record.event, record.by, record.migrations) == ("built", "somebody", MIGRATIONS)
    [bundle] = images.referrers(image.digest, bundles.MEDIA_TYPE)
    [sbom] = images.referrers(image.digest, attachments.SBOM_TYPE)
    assert (record.provenance, record.sbom) == (bundle["digest"], sbom["digest"])
    assert bundle["annotations"]["dev.sigstore.bundle.predicateType"] == PREDICATE


def test_the_same_tree_is_built_once(world: World) -> None:
    """A second build verifies what is there and records nothing new; another commit of that tree needs none, too."""
    first = world.build("staging")
    again = world.build("staging")
    world.git.commit = Commit("de" * 20, TREE, world.git.commit.when)
    merged = world.build("staging")

    assert (first.built, again.built, merged.built) == (True, False, False)
    assert len(world.built) == 1
    assert len(recorded(world)) == 1
    assert merged.release.commit == "c0" * 20  # the one that was built


def test_another_tree_is_another_release(world: World) -> None:
    """Also where its image has the same bytes."""
    world.build("staging")
    world.git.commit = Commit("de" * 20, "01" * 20, world.git.commit.when)

    world.build("staging")

    newest, before = recorded(world)
    assert (newest.tree, before.tree) == ("01" * 20, TREE)
    assert newest.digest == before.digest
    assert newest.provenance != before.provenance


def test_the_packages_are_listed_and_the_list_is_signed(world: World) -> None:
    """Those that pip installs where images run, and the base."""
    record = world.build("staging").release

    images = world.registry.images("cams-staging")
    artifact = images.manifest(record.sbom or "")
    assert artifact is not None
    document = attachments.content(images, artifact, 1 << 20)
    assert packages(document) == {"django": "5.2.1", "python": "3.13-slim"}
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(document.decode()) is None
    bundle = images.manifest(record.provenance or "")
    assert bundle is not None
    payload = json.loads(bundles.read(attachments.content(images, bundle, 1 << 20)).payload)
    [listed] = payload["predicate"]["runDetails"]["byproducts"]
    assert f"sha256:{listed['digest']['sha256']}" == digest_of(document)


def test_the_tests_that_it_passed_hang_on_it_signed(world: World) -> None:
    """Where they can be looked at; it is no provenance, and is not taken for one."""
    record = world.build("staging", test_run="https://github.com/example/cams/actions/runs/1").release

    images = world.registry.images("cams-staging")
    said = [each["annotations"][attachments.KIND] for each in images.referrers(record.digest, bundles.MEDIA_TYPE)]
    assert sorted(said) == sorted([PREDICATE, passed.PREDICATE])
    assert record.test_run == "https://github.com/example/cams/actions/runs/1"
    assert world.build("staging").release.provenance == record.provenance


def test_an_image_under_the_tag_that_nobody_has_signed_is_not_taken(world: World) -> None:
    """Somebody has pushed it before us: it is neither signed nor released."""
    pushed(world.registry.images("cams-staging"), b"evil", TAG)

    with pytest.raises(ExplainedError, match=r"^refused: .* is not verified: rule provenance: ") as refused:
        world.build("staging")

    assert refused.value.code == REFUSED
    assert (world.built, recorded(world)) == ([], [])


def test_an_image_that_takes_the_tag_while_we_build_must_be_signed_too(world: World) -> None:
    """Who is first has the tag; whether it is good is another question."""
    world.before_push = lambda images: pushed(images, b"evil", TAG)

    with pytest.raises(ExplainedError, match=r"rule provenance: "):
        world.build("staging")

    assert "was built by somebody else meanwhile" in world.stderr.getvalue()
    assert recorded(world) == []


def test_a_build_that_was_ended_half_way_is_begun_anew(world: World) -> None:
    """What was pushed without its signature has no tag of a tree, and is not taken."""

    def end(images: Images) -> None:
        raise KeyboardInterrupt

    world.before_push = end
    with pytest.raises(KeyboardInterrupt):
        world.build("staging")
    world.before_push = None

    assert world.build("staging").built


@pytest.mark.parametrize(
    ("changed", "branches", "why"),
    [
        (("app/start.py",), ("staging",), r"^refused: app/ has changes that are not committed: app/start\.py"),
        ((), ("develop", "main"), r"^refused: c0c0c0c0c0c0 is not on `staging`: "),
    ],
    ids=["not committed", "not on the branch"],
)
def test_what_is_not_on_the_branch_is_not_built(
    world: World, changed: tuple[str, ...], branches: tuple[str, ...], why: str
) -> None:
    """With exit code 3."""
    world.git.changed, world.git.branches = changed, branches

    with pytest.raises(ExplainedError, match=why) as refused:
        world.build("staging")

    assert refused.value.code == REFUSED
    assert world.built == []


def test_what_is_left_out_is_said(world: World) -> None:
    """A change that no image has does not stop a build."""
    world.git.changed = ("README.md", "docs/new.md")

    assert world.build("staging").built
    assert "as it was committed, without README.md, docs/new.md" in world.stderr.getvalue()


def test_a_locked_environment_is_given_no_release(world: World) -> None:
    """Its record is what the next `up` deploys."""
    Locks(STAGING, world.ssm).take(Lock(by="octocat", at=world.git.commit.when, why="an exam"))

    with pytest.raises(ExplainedError, match="is locked by octocat since") as refused:
        world.build("staging")

    assert refused.value.code == REFUSED
    assert world.built == []


def test_a_job_builds_its_own_branch(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What GitHub says of it goes before what the checkout holds; the workflow is the builder then."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_REF", "refs/heads/develop")
    with pytest.raises(ExplainedError, match="this job is of refs/heads/develop"):
        world.build("staging")

    monkeypatch.setenv("GITHUB_REF", "refs/heads/staging")
    assert world.build("staging").built


def test_packages_of_other_systems_are_not_in_the_image() -> None:
    """A locked file has them all, with their hashes."""
    lines = "a==1 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n# via b\nB.c==2 # why\n-r other.txt\n"

    assert list(locked(lines)) == [("b-c", "2")]
