"""Attacks on provenance signed with a key: each is refused by the rule that it breaks, and none is accepted."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from ops.doors.sigstore import Certified, NotCertifiedError
from ops.releases import bundles
from ops.releases.refusal import UntrustedError
from ops.releases.verification import Claim, Good, verified
from tests.support.provenances import (
    BUILT,
    COMMIT,
    IMAGE,
    NOW,
    OTHER_IMAGE,
    TREE,
    KeyPair,
    edited,
    encoded,
    payload_of,
    trusted,
)

OURS, DEVS, FOREIGN = KeyPair(), KeyPair(), KeyPair()
TRUSTED = trusted(staging=OURS.public, develop=DEVS.public)
CLAIM = Claim(IMAGE, TREE, COMMIT)
GOOD = OURS.bundle()
DEVELOP = BUILT.builder.replace("staging", "develop")
HUGE = b'{"dsseEnvelope": "' + b"a" * bundles.LARGEST + b'"}'


def no_certificates(content: bytes) -> Certified:
    """Sigstore vouches for nobody here."""
    raise NotCertifiedError("its chain does not end at a trusted root")


def verify(*offered: bytes, claim: Claim = CLAIM, fresh: bool = True) -> Good:
    """By staging's trust, now."""
    return verified(offered, claim, TRUSTED, no_certificates, now=NOW, fresh=fresh)


def altered(change: Callable[[dict[str, Any]], object]) -> bytes:
    """A good bundle whose payload was changed after it was signed."""
    said = payload_of(GOOD)
    change(said)
    return edited(GOOD, "dsseEnvelope", "payload", to=encoded(said))


def resigned(change: Callable[[dict[str, Any]], object]) -> bytes:
    """A statement that says something else, signed by the right key."""
    said = payload_of(GOOD)
    change(said)
    return OURS.of(json.dumps(said).encode())


def two_signatures() -> bytes:
    """The second one of somebody else."""
    [first] = json.loads(GOOD)["dsseEnvelope"]["signatures"]
    other = {"sig": base64.b64encode(FOREIGN.sign(b"")).decode()}
    return edited(GOOD, "dsseEnvelope", "signatures", to=[first, other])


def under_another_type() -> bytes:
    """The same bytes, signed as something else."""
    payload, kind = base64.b64decode(json.loads(GOOD)["dsseEnvelope"]["payload"]), "text/plain"
    signed = edited(GOOD, "dsseEnvelope", "payloadType", to=kind)
    signature = base64.b64encode(OURS.sign(payload, kind)).decode()
    return edited(signed, "dsseEnvelope", "signatures", to=[{"sig": signature}])


def of_a_tag(said: dict[str, Any]) -> None:
    """Named like the branch."""
    said["predicate"]["buildDefinition"]["externalParameters"]["workflow"]["ref"] = "refs/tags/staging"


def of_another_source(said: dict[str, Any]) -> None:
    """What was built is not of the branch that the workflow ran for."""
    [source] = said["predicate"]["buildDefinition"]["resolvedDependencies"]
    source["uri"] = source["uri"].replace("staging", "feature")


def with_our_hint() -> bytes:
    """Signed by a foreign key that says it is ours."""
    return edited(FOREIGN.bundle(), "verificationMaterial", to={"publicKey": {"hint": bundles.hint(OURS.public)}})


def certificate_of_nobody() -> bytes:
    """A certificate in place of the key."""
    return edited(GOOD, "verificationMaterial", to={"certificate": {"rawBytes": "AAAA"}, "tlogEntries": []})


ATTACKS: dict[str, tuple[str, bytes]] = {
    "huge": ("size", HUGE),
    "no JSON": ("format", b"not a bundle"),
    "deeply nested": ("format", b"[" * 100_000),
    "a list": ("format", b"[]"),
    "an older bundle": ("format", edited(GOOD, "mediaType", to=f"{bundles.MEDIA_TYPE};version=0.1")),
    "no envelope but a message's signature": ("format", b'{"mediaType": "x", "messageSignature": {}}'),
    "key and certificate": (
        "format",
        edited(GOOD, "verificationMaterial", to={"publicKey": {"hint": ""}, "certificate": {"rawBytes": ""}}),
    ),
    "no signature": ("signatures", edited(GOOD, "dsseEnvelope", "signatures", to=[])),
    "two signatures": ("signatures", two_signatures()),
    "a signature that is no base64": ("signatures", edited(GOOD, "dsseEnvelope", "signatures", 0, "sig", to="**")),
    "another payload type": ("payload type", under_another_type()),
    "signed by a key of nobody": ("signer", FOREIGN.bundle()),
    "signed by a key that says it is ours": ("signature", with_our_hint()),
    "an empty signature": ("signature", edited(GOOD, "dsseEnvelope", "signatures", 0, "sig", to="")),
    "altered commit": ("signature", altered(lambda said: said.update(predicate={}))),
    "altered subject": ("signature", altered(lambda said: said.update(subject=[{"digest": {"sha256": "0b" * 32}}]))),
    "a certificate of nobody": ("signature", certificate_of_nobody()),
    "another kind of statement": ("statement", resigned(lambda said: said.update(predicateType="https://x/y"))),
    "another version of in-toto": ("statement", resigned(lambda said: said.update(_type="x"))),
    "two subjects": ("statement", resigned(lambda said: said["subject"].append(said["subject"][0]))),
    "no subject": ("statement", resigned(lambda said: said.update(subject=[]))),
    "bundle of another image": ("subject", OURS.bundle(digest=OTHER_IMAGE)),
    "another repository": ("repository", OURS.bundle(repository="https://github.com/mallory/cams")),
    "a repository of the same name": ("repository", OURS.bundle(repository_id=1)),
    "a branch that is not released": ("branch", OURS.bundle(branch="feature")),
    "a tag": ("branch", resigned(of_a_tag)),
    "a source of another branch": ("branch", resigned(of_another_source)),
    "our key, the branch of another": ("branch", OURS.bundle(branch="develop", builder=DEVELOP)),
    "another's key, our branch": ("branch", DEVS.bundle()),
    "a later environment's branch": ("branch", OURS.bundle(branch="main")),
    "another workflow": ("workflow", OURS.bundle(workflow=".github/workflows/evil.yaml")),
    "another builder": ("builder", OURS.bundle(builder="https://github.com/mallory/builder")),
    "another commit": ("commit", OURS.bundle(commit="de" * 20)),
    "an old image for a new tree": ("tree", OURS.bundle(tree="01" * 20)),
    "too old": ("age", OURS.bundle(finished=NOW - timedelta(days=91))),
    "from the future": ("age", OURS.bundle(finished=NOW + timedelta(hours=1))),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_by_the_rule_that_it_breaks(attack: str) -> None:
    """And by no earlier one, so that whoever reads the refusal knows what to look at."""
    rule, bundle = ATTACKS[attack]

    with pytest.raises(UntrustedError) as refused:
        verify(bundle)

    assert refused.value.rule == rule


def test_at_least_twelve_attacks_are_known_and_none_is_accepted() -> None:
    """All of them together hang on the image, and it stays refused, by the rule that the best of them breaks."""
    assert len(ATTACKS) >= 12

    with pytest.raises(UntrustedError, match=r"^age: "):
        verify(*(bundle for _, bundle in ATTACKS.values()))


def test_an_image_on_which_nothing_hangs_is_refused() -> None:
    """Stripped: there is no signature to be wrong."""
    with pytest.raises(UntrustedError, match=f"^provenance: nothing that hangs on {IMAGE} says where it comes from$"):
        verify()


def test_a_good_bundle_is_accepted_whatever_hangs_beside_it() -> None:
    """Who may write to the registry can hang rubbish on an image, and must not be able to stop its release so."""
    found = verify(*(bundle for _, bundle in ATTACKS.values()), GOOD)

    assert found.content == GOOD
    assert (found.provenance.commit, found.provenance.tree) == (COMMIT, TREE)


def test_a_build_for_the_environment_before_is_trusted_with_its_own_key() -> None:
    """That is what a promotion brings."""
    assert verify(DEVS.bundle(branch="develop", builder=DEVELOP)).provenance.builder == DEVELOP


def test_what_runs_does_not_get_too_old() -> None:
    """The age counts when something is to be released, not when the same is deployed once more."""
    old = OURS.bundle(finished=NOW - timedelta(days=400))

    assert verify(old, fresh=False).content == old
