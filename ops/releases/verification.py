"""Was this image built by whom may build it, of the tree that it is said to be of? Every rule, by its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ops.doors.sigstore import Certified, NotCertifiedError
from ops.releases import bundles
from ops.releases.bundles import Bundle
from ops.releases.provenance import Provenance
from ops.releases.refusal import UntrustedError
from ops.releases.trust import COMMAND, Trusted

SKEW = timedelta(minutes=10)  # between the clocks of two machines
RULES = (
    "provenance", "size", "format", "signatures", "payload type", "signer", "signature", "statement", "subject",
    "repository", "branch", "workflow", "builder", "commit", "tree", "age",
)  # fmt: skip


Certify = Callable[[bytes], Certified]


@dataclass(frozen=True)
class Claim:
    """What somebody says of an image; what they do not say is not compared."""

    digest: str
    tree: str | None = None
    commit: str | None = None


@dataclass(frozen=True)
class Good:
    """What a bundle says, and that bundle."""

    provenance: Provenance
    content: bytes


def verified(
    offered: Sequence[bytes], claim: Claim, trusted: Trusted, certify: Certify, *, now: datetime, fresh: bool
) -> Good:
    """The provenance of an image, of several bundles the first good one; else the rule that the best of them breaks.

    `fresh`: it is to be released now, so it must not be older than the stack file allows.
    """
    broken = UntrustedError("provenance", f"nothing that hangs on {claim.digest} says where it comes from")
    for content in offered:
        try:
            found = _signed(bundles.read(content), trusted, certify)
            _compare(found, claim)
            _in_time(found, trusted.max_age if fresh else None, now)
        except UntrustedError as error:
            broken = max(broken, error, key=lambda one: RULES.index(one.rule))
        else:
            return Good(found, content)
    raise broken


def _signed(bundle: Bundle, trusted: Trusted, certify: Certify) -> Provenance:
    """What a trusted key or workflow has signed, for a branch that it may speak for."""
    if bundle.certified:
        try:
            return _by_workflow(certify(bundle.content), trusted)
        except NotCertifiedError as error:
            raise UntrustedError("signature", str(error)) from error
    key = _key(bundle, trusted)
    found = Provenance.read(bundle.payload)
    _source(found, trusted, by_hand=True)
    ref, allowed = found.workflow.ref, trusted.may_speak_for(key)
    if ref not in {f"refs/heads/{branch}" for branch in allowed}:
        raise UntrustedError("branch", f"it was built of {ref}, and its key may sign for {_listed(allowed)} alone")
    return found


def _by_workflow(who: Certified, trusted: Trusted) -> Provenance:
    if who.payload_type != bundles.PAYLOAD_TYPE:
        raise UntrustedError("payload type", f"what is signed is `{who.payload_type}`")
    found = Provenance.read(who.payload)
    _source(found, trusted, by_hand=False)
    if (who.repository, who.repository_id) != (trusted.repository, str(trusted.repository_id)):
        raise UntrustedError("repository", f"its certificate is of {who.repository} (id {who.repository_id})")
    if found.workflow.ref != who.ref:
        raise UntrustedError("branch", f"its certificate is of {who.ref}, it says {found.workflow.ref}")
    if who.signer != trusted.builder(trusted.workflow, who.ref.removeprefix("refs/heads/")):
        raise UntrustedError("workflow", f"its certificate is of {who.signer}")
    if found.commit != who.commit:
        raise UntrustedError("commit", f"its certificate is of {who.commit}, it says {found.commit}")
    return found


def _key(bundle: Bundle, trusted: Trusted) -> bytes:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    known = trusted.known(bundle.key_hint)
    if not known:
        raise UntrustedError("signer", f"no trusted key is `{bundle.key_hint}`")
    for key in known:
        public = load_der_public_key(key)
        assert isinstance(public, EllipticCurvePublicKey)  # noqa: S101 - the stack file's rule
        try:
            public.verify(bundle.signature, bundle.signed, ECDSA(SHA256()))
        except InvalidSignature:
            continue
        return key
    raise UntrustedError("signature", "it was changed after it was signed, or signed by somebody else")


def _source(found: Provenance, trusted: Trusted, *, by_hand: bool) -> None:
    """Our repository, a branch that is released to here, our workflow; with a key our command may be the builder."""
    told = found.workflow
    if (told.repository, found.repository_id) != (trusted.repository, str(trusted.repository_id)):
        raise UntrustedError("repository", f"it was built of {told.repository} (id {found.repository_id})")
    branch = told.ref.removeprefix("refs/heads/")
    if told.ref == branch or branch not in trusted.branches:
        raise UntrustedError("branch", f"it was built of {told.ref}, not of {_listed(trusted.branches)}")
    if found.source.uri != f"git+{trusted.repository}@{told.ref}":
        raise UntrustedError("branch", f"its source is {found.source.uri}")
    if told.path not in (trusted.workflow, COMMAND if by_hand else trusted.workflow):
        raise UntrustedError("workflow", f"it was built by {told.path}, not by {trusted.workflow}")
    if found.builder != trusted.builder(told.path, branch):
        raise UntrustedError("builder", f"it is {found.builder}")


def _compare(found: Provenance, claim: Claim) -> None:
    if found.digest != claim.digest:
        raise UntrustedError("subject", f"it is the provenance of {found.digest}, not of {claim.digest}")
    for rule, said, actual in (("commit", claim.commit, found.commit), ("tree", claim.tree, found.tree)):
        if said is not None and said != actual:
            raise UntrustedError(rule, f"the release says {said}, its provenance {actual}")


def _in_time(found: Provenance, oldest: timedelta | None, now: datetime) -> None:
    age = now - found.finished
    if age < -SKEW:
        raise UntrustedError("age", f"it says that it was built at {found.finished}, which is still to come")
    if oldest is not None and age > oldest:
        raise UntrustedError("age", f"it was built {age.days} days ago, and {oldest.days} are allowed")


def _listed(branches: frozenset[str]) -> str:
    return ", ".join(sorted(branches)) or "no branch"
