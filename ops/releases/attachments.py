"""What hangs on an image: each an artifact of its own whose manifest names the image, found by its type."""

from __future__ import annotations

from typing import Any

from ops.releases import bundles
from ops.releases.provenance import PREDICATE
from ops.releases.refusal import UntrustedError
from registry_api.images import Images
from registry_api.manifests import MANIFEST, Manifest

EMPTY = b"{}"
EMPTY_TYPE = "application/vnd.oci.empty.v1+json"
SBOM_TYPE = "application/vnd.cyclonedx+json"
KIND = "dev.sigstore.bundle.predicateType"
MOST = 50  # bundles of one image that are looked at


def attach(images: Images, subject: Manifest, kind: str, content: bytes, annotations: dict[str, str]) -> str:
    """Hang bytes on an image; gives the digest of the artifact. The same bytes again are the same artifact."""
    layer = {"mediaType": kind, "digest": images.put_blob(content), "size": len(content)}
    config = {"mediaType": EMPTY_TYPE, "digest": images.put_blob(EMPTY), "size": len(EMPTY)}
    said: dict[str, Any] = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "artifactType": kind,
        "config": config,
        "layers": [layer],
        "subject": {"mediaType": subject.media_type, "digest": subject.digest, "size": len(subject.content)},
        "annotations": annotations,
    }
    artifact = Manifest.of(said)
    images.put(artifact)
    return artifact.digest


def attach_bundle(images: Images, subject: Manifest, bundle: bytes, predicate: str) -> str:
    """Hang a signed statement on an image, annotated as cosign does it."""
    annotations = {
        "dev.sigstore.bundle.content": "dsse-envelope",
        KIND: predicate,
    }
    return attach(images, subject, bundles.MEDIA_TYPE, bundle, annotations)


def provenances(images: Images, digest: str, only: str | None = None) -> dict[str, bytes]:
    """The bundles that hang on an image, by the digests of their artifacts; of those the one that a release names."""
    listed = [str(each.get("digest")) for each in images.referrers(digest, bundles.MEDIA_TYPE) if _may_be_one(each)]
    wanted = [each for each in listed if only in (None, each)]
    if only is not None and not wanted:
        raise UntrustedError("provenance", f"{only}, which the release names, does not hang on {digest}")
    if len(wanted) > MOST:
        raise UntrustedError("size", f"{len(wanted)} bundles hang on {digest}, more than {MOST}")
    found = {}
    for artifact in wanted:
        manifest = images.manifest(artifact)
        if manifest is not None and manifest.subject == digest:  # a list may say more than is true
            found[artifact] = content(images, manifest, bundles.LARGEST)
    return found


def content(images: Images, artifact: Manifest, limit: int) -> bytes:
    """The bytes of an artifact of one layer. A large one is not read."""
    layers = artifact.said.get("layers")
    if not isinstance(layers, list) or len(layers) != 1 or not isinstance(layers[0], dict):
        raise UntrustedError("format", f"{artifact.digest} is not an artifact of one layer")
    size, digest = layers[0].get("size"), str(layers[0].get("digest"))
    if not isinstance(size, int) or not 0 < size <= limit:
        raise UntrustedError("size", f"{artifact.digest} has {size} bytes, and {limit} are allowed")
    return images.blob(digest, limit=limit)


def _may_be_one(descriptor: dict[str, Any]) -> bool:
    """Bundles of other statements say so; what they say is not signed, and only spares the reading."""
    said = descriptor.get("annotations") or {}
    return KIND not in said or said[KIND] == PREDICATE
