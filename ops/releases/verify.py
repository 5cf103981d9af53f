"""What runs, or is to run, must be verified first: of an image in an environment's registry, and of a release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from console.errors import WRONG_USE, ExplainedError
from infra.release import Release, image_gone
from ops.context import Context
from ops.releases import attachments, records
from ops.releases.authority import Authority, open_authority
from ops.releases.provenance import Provenance
from ops.releases.records import Entry, overtaken
from ops.releases.refusal import UntrustedError, UnverifiedError
from ops.releases.verification import Claim, verified
from registry_api.images import Images
from registry_api.manifests import is_digest


@dataclass(frozen=True)
class Verified:
    """A good image, and the artifact that says so."""

    provenance: Provenance
    artifact: str


def image(
    authority: Authority, images: Images, claim: Claim, *, only: str | None = None, fresh: bool = False
) -> Verified:
    """Verify an image by what hangs on it; a refusal names the rule and ends a command with exit code 3."""
    trusted, certify = authority.trusted(), authority.context.doors.certified
    try:
        offered = attachments.provenances(images, claim.digest, only)
        found = verified([*offered.values()], claim, trusted, certify, now=authority.now, fresh=fresh)
    except UntrustedError as broken:
        environment = authority.stack.environment
        hint = f"build it anew of its tree, which signs it: ./slipway release build {environment}"
        raise UnverifiedError(f"{claim.digest} in {environment}", broken, hint=hint) from broken
    return Verified(found.provenance, next(name for name, content in offered.items() if content == found.content))


def release(authority: Authority, wanted: Release) -> Verified:
    """Verify what a record says before it is deployed, whoever wrote it: `up`, `promote` and `rollback` ask this.

    A record that says less is held to what it says and to the signature; one without a signed image is refused.
    """
    images = authority.images()
    if images.manifest(wanted.digest) is None:
        raise ExplainedError(image_gone(wanted, images.url, authority.stack.names))
    claim = Claim(wanted.digest, wanted.tree, wanted.commit)
    found = image(authority, images, claim, only=wanted.provenance)
    try:
        _sbom(images, wanted, found.provenance)
        _not_replayed(wanted, records.of(authority.stack, authority.clients).history())
    except UntrustedError as broken:
        environment = authority.stack.environment
        hint = f"./slipway release list {environment} shows who wrote what"
        raise UnverifiedError(f"the release {wanted.digest} of {environment}", broken, hint=hint) from broken
    return found


def require_verified(authority: Authority) -> None:
    """Before anything is deployed, what is recorded must be verified.

    Where nothing is yet, the checkout is deployed, and whoever runs the command vouches for it (docs/adr/0005).
    """
    wanted = records.of(authority.stack, authority.clients).current()
    if wanted is not None:
        release(authority, wanted)


def _sbom(images: Images, wanted: Release, provenance: Provenance) -> None:
    """The list of packages that a release names is the one that was signed with the image."""
    if wanted.sbom is None:
        return
    artifact = images.manifest(wanted.sbom)
    layers = artifact.said.get("layers") if artifact else None
    actual = layers[0].get("digest") if isinstance(layers, list) and len(layers) == 1 else None
    if artifact is None or artifact.subject != wanted.digest or actual != provenance.sbom:
        raise UntrustedError("sbom", f"{wanted.sbom} is not the list of packages that was signed with the image")


def _not_replayed(wanted: Release, history: Sequence[Entry]) -> None:
    """An old record that somebody wrote again is older than one that was written before it; a rollback says so."""
    if wanted.at is None:
        return
    places = [number for number, entry in enumerate(history) if entry.release == wanted]
    before = history[places[0] + 1 :] if places else history
    if later := overtaken(wanted, before):
        raise UntrustedError("replay", f"it is of {wanted.at:%Y-%m-%d %H:%M}, and number {later.number} is newer")


def report(context: Context, environment: str, digest: str = "") -> dict[str, object]:
    """Verify what is to run in an environment, or another image in its registry; gives what the provenance says."""
    authority = open_authority(context, environment)
    if digest:
        if not is_digest(digest):
            hint = f"./slipway release list {environment} --json shows them"
            raise ExplainedError(f"`{digest}` is no digest", "sha256: and 64 digits", hint=hint, code=WRONG_USE)
        found = image(authority, authority.images(), Claim(digest))
    else:
        wanted = records.of(authority.stack, authority.clients).current()
        if wanted is None:
            raise ExplainedError(
                f"there is nothing to verify in {environment}",
                "nothing was released there yet: it runs what a checkout held, which no signature vouches for",
                hint=f"./slipway release build {environment}",
            )
        digest, found = wanted.digest, release(authority, wanted)
    said = found.provenance
    return {
        "environment": environment,
        "digest": digest,
        "verified": True,
        "repository": said.workflow.repository,
        "branch": said.workflow.ref.removeprefix("refs/heads/"),
        "builder": said.builder,
        "commit": said.commit,
        "tree": said.tree,
        "built": said.finished.isoformat(),
        "provenance": found.artifact,
    }
