"""Attacks on a release in the registry itself; long because they are read side by side."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from console.errors import REFUSED, ExplainedError
from infra.load import from_file
from infra.release import Release
from ops.account.steps import go_through
from ops.context import Context, Doors
from ops.doors.cloud import Cloud
from ops.releases import attachments, bundles, keys, verify
from ops.releases.authority import Authority
from ops.releases.copying import copy
from ops.releases.provenance import PREDICATE
from ops.releases.records import Records
from ops.releases.refusal import UnverifiedError
from ops.releases.verification import Claim
from registry_api.images import Images
from registry_api.manifests import INDEX, MANIFEST, Manifest, digest_of
from tests.contract.aws.test_registry import repository
from tests.support.aws_daemon import Aws
from tests.support.plain_registry import pushed
from tests.support.provenances import BUILT, TREE, KeyPair

STAGING = from_file("staging")
OTHER_TREE = "01" * 20


class Environment:
    """Staging's registry, its key in KMS and its records in SSM, each test with a repository of its own."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws
        self.name = repository(aws, f"releases/{uuid4().hex[:8]}")
        [data] = aws.client("ecr").get_authorization_token()["authorizationData"]
        self.host, self.login = data["proxyEndpoint"].removeprefix("http://"), data["authorizationToken"]
        self.images = self.repository(self.name)
        doors = Doors(aws=lambda cloud, region: aws.client, images=lambda *_, **__: self.images)
        self.authority = Authority(Context(doors), Cloud({}, is_local=True), STAGING)
        go_through([keys.key_step(aws.client("kms"), STAGING.names)], make=True, say=lambda _: None)
        self.image = pushed(self.images, uuid4().bytes, "v1")

    def repository(self, name: str) -> Images:
        return Images(f"{self.host}/{name}", self.login)

    def attest(self, image: Manifest, **changes: Any) -> str:
        """Sign and attach the provenance of an image as a build does it, or one that says something else."""
        now = datetime.now(UTC)
        told: dict[str, Any] = {
            "digest": image.digest,
            "sbom": self.sbom_of(image)[1],
            "started": now,
            "finished": now,
        } | changes
        bundle = self.authority.sign(replace(BUILT, **told).statement())
        return attachments.attach_bundle(self.images, image, bundle, PREDICATE)

    def sbom_of(self, image: Manifest, content: bytes = b"{}") -> tuple[str, str]:
        """The artifact of a list of packages, and the digest of the list."""
        return attachments.attach(self.images, image, attachments.SBOM_TYPE, content, {}), digest_of(content)

    def release(self, **changes: Any) -> Release:
        """A good one, or one that says something else."""
        good = {
            "digest": self.image.digest,
            "tree": TREE,
            "commit": BUILT.commit,
            "sbom": self.sbom_of(self.image)[0],
        }
        return Release(**(good | changes))

    def verify(self, wanted: Release) -> str:
        """Gives the artifact of the provenance that is good."""
        return verify.release(self.authority, wanted).artifact


@pytest.fixture
def staging(aws: Aws) -> Environment:
    """With an image on which nothing hangs yet."""
    return Environment(aws)


def test_what_was_built_and_signed_is_deployed(staging: Environment) -> None:
    """With the key in KMS, whose one half nobody can read."""
    artifact = staging.attest(staging.image)

    assert staging.verify(staging.release()) == artifact
    assert staging.verify(staging.release(provenance=artifact)) == artifact


def stripped(staging: Environment) -> Release:
    """Nothing hangs on it."""
    return staging.release()


def without_what_is_named(staging: Environment) -> Release:
    """The record names an artifact that is not there."""
    staging.attest(staging.image)
    return staging.release(provenance="sha256:" + "ab" * 32)


def swapped(staging: Environment) -> Release:
    """The good bundle of another image, hung on this one."""
    other = pushed(staging.images, b"other")
    now = datetime.now(UTC)
    bundle = staging.authority.sign(replace(BUILT, digest=other.digest, finished=now).statement())
    attachments.attach_bundle(staging.images, staging.image, bundle, PREDICATE)
    return staging.release()


def hung_elsewhere(staging: Environment) -> Release:
    """The record names a good artifact, which hangs on another image."""
    other = pushed(staging.images, b"other")
    return staging.release(provenance=staging.attest(other))


def foreign_key(staging: Environment) -> Release:
    """Signed by a pair of one's own."""
    bundle = KeyPair().bundle(digest=staging.image.digest, finished=datetime.now(UTC))
    attachments.attach_bundle(staging.images, staging.image, bundle, PREDICATE)
    return staging.release()


def another_kind_of_key(staging: Environment) -> Release:
    """Signed by the pair of another environment, which may not speak for this branch."""
    prod = from_file("prod")
    kms = staging.aws.client("kms")
    go_through([keys.key_step(kms, prod.names)], make=True, say=lambda _: None)
    statement = replace(BUILT, digest=staging.image.digest, finished=datetime.now(UTC)).statement()
    public = keys.public_half(kms, prod.names) or b""
    bundle = bundles.write(statement, keys.sign(kms, prod, bundles.encoded(statement)), public)
    attachments.attach_bundle(staging.images, staging.image, bundle, PREDICATE)
    return staging.release()


def another_image_under_the_tag(staging: Environment) -> Release:
    """The image of the tag is not the one that was signed: its bytes were changed, and with them its digest."""
    staging.attest(staging.image)
    evil = Manifest(staging.image.content + b"\n", MANIFEST)
    staging.images.put(evil, "tampered")
    return staging.release(digest=evil.digest)


def old_image_for_a_new_tree(staging: Environment) -> Release:
    """What was good for another tree."""
    staging.attest(staging.image)
    return staging.release(tree=OTHER_TREE)


def old_image_for_a_new_commit(staging: Environment) -> Release:
    """What was good for another commit."""
    staging.attest(staging.image)
    return staging.release(commit="de" * 20)


def swapped_packages(staging: Environment) -> Release:
    """A list of packages that nobody has signed."""
    staging.attest(staging.image)
    return staging.release(sbom=staging.sbom_of(staging.image, b'{"components": []}')[0])


def huge(staging: Environment) -> Release:
    """A bundle that nobody should read."""
    attachments.attach_bundle(staging.images, staging.image, b" " * (bundles.LARGEST + 1), PREDICATE)
    return staging.release()


def lying_about_its_size(staging: Environment) -> Release:
    """The manifest says that the bundle is small."""
    layer = {
        "mediaType": bundles.MEDIA_TYPE,
        "digest": staging.images.put_blob(b" " * (bundles.LARGEST + 1)),
        "size": 1,
    }
    config = {"mediaType": attachments.EMPTY_TYPE, "digest": staging.images.put_blob(b"{}"), "size": 2}
    subject = {"mediaType": MANIFEST, "digest": staging.image.digest, "size": len(staging.image.content)}
    said = {"schemaVersion": 2, "mediaType": MANIFEST, "artifactType": bundles.MEDIA_TYPE, "subject": subject}
    staging.images.put(Manifest.of({**said, "config": config, "layers": [layer]}))
    return staging.release()


def two_layers(staging: Environment) -> Release:
    """Which of the two would be the bundle?"""
    layer = {"mediaType": bundles.MEDIA_TYPE, "digest": staging.images.put_blob(b"{}"), "size": 2}
    subject = {"mediaType": MANIFEST, "digest": staging.image.digest, "size": len(staging.image.content)}
    said = {"schemaVersion": 2, "mediaType": MANIFEST, "artifactType": bundles.MEDIA_TYPE, "subject": subject}
    staging.images.put(Manifest.of({**said, "config": layer, "layers": [layer, layer]}))
    return staging.release()


def empty_index(staging: Environment) -> Release:
    """In place of an image."""
    index = Manifest.of({"schemaVersion": 2, "mediaType": INDEX, "manifests": []})
    staging.images.put(index)
    return staging.release(digest=index.digest)


def many(staging: Environment) -> Release:
    """So many bundles that to read them would be the harm."""
    for number in range(attachments.MOST + 1):
        attachments.attach_bundle(staging.images, staging.image, str(number).encode(), PREDICATE)
    return staging.release()


def replayed(staging: Environment) -> Release:
    """An old record, written once more over the one that has replaced it."""
    staging.attest(staging.image)
    old = staging.release(event="promoted", at=datetime.now(UTC) - timedelta(days=2))
    new = old.model_copy(update={"at": datetime.now(UTC)})
    ssm = staging.aws.client("ssm")
    ssm.delete_parameters(Names=[STAGING.names.release])
    for record in (old, new, old):
        Records(STAGING, ssm).put(record)
    return old


ATTACKS: dict[Callable[[Environment], Release], str] = {
    stripped: "provenance",
    without_what_is_named: "provenance",
    swapped: "subject",
    hung_elsewhere: "provenance",
    foreign_key: "signer",
    another_kind_of_key: "signer",
    another_image_under_the_tag: "provenance",
    old_image_for_a_new_tree: "tree",
    old_image_for_a_new_commit: "commit",
    swapped_packages: "sbom",
    huge: "size",
    lying_about_its_size: "too large",
    two_layers: "format",
    empty_index: "provenance",
    many: "size",
    replayed: "replay",
}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_an_attack_on_the_registry_is_refused(staging: Environment, attack: Callable[[Environment], Release]) -> None:
    """With exit code 3, and the rule that it breaks."""
    wanted, rule = attack(staging), ATTACKS[attack]

    with pytest.raises(ExplainedError) as refused:
        staging.verify(wanted)

    assert refused.value.code == REFUSED
    assert f"rule {rule}: " in str(refused.value) or (rule in str(refused.value) and rule == "too large")
    assert "\n\nhint: " in str(refused.value) or rule == "too large"


def test_a_copy_is_as_good_as_what_was_built(staging: Environment) -> None:
    """What hangs on an image goes with it, so that it is verified where it is deployed, too."""
    staging.attest(staging.image)
    target = staging.repository(repository(staging.aws, f"releases/{uuid4().hex[:8]}"))

    copy(staging.images, target, staging.image.digest, tag="tree-1")

    there = verify.image(staging.authority, target, Claim(staging.image.digest, TREE))
    assert there.provenance.digest == staging.image.digest
    assert target.manifest("tree-1") == staging.image


def test_an_image_that_is_gone_is_told_as_that(staging: Environment) -> None:
    """There is nothing to verify, and what to do is another thing."""
    with pytest.raises(ExplainedError, match=r"its image sha256:(ab){32} is no longer in") as told:
        staging.verify(staging.release(digest="sha256:" + "ab" * 32))

    assert not isinstance(told.value, UnverifiedError)


def test_kms_signs_a_digest_as_it_signs_the_message(staging: Environment) -> None:
    """Verified by its public half, elsewhere; a digest of another length is refused."""
    kms = staging.aws.client("kms")
    message = json.dumps({"long": "x" * 10_000}).encode()

    public = keys.public_half(kms, STAGING.names) or b""
    bundle = bundles.write(message, keys.sign(kms, STAGING, bundles.encoded(message)), public)

    assert bundles.read(bundle).key_hint == bundles.hint(public)
    with pytest.raises(kms.exceptions.ClientError, match="Digest is invalid length for algorithm ECDSA_SHA_256"):
        kms.sign(
            KeyId=STAGING.names.release_key_alias,
            Message=b"short",
            MessageType="DIGEST",
            SigningAlgorithm="ECDSA_SHA_256",
        )
