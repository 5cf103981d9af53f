"""Manifests as registries speak of them: bytes whose digest is their name."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
LARGEST = 4 << 20  # bytes: more is refused by registries, too
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class Manifest:
    """One as it was received or is to be sent. It is never written anew: another space is another image."""

    content: bytes
    media_type: str

    @classmethod
    def of(cls, said: dict[str, Any]) -> Manifest:
        """The one that says this; the same words always give the same bytes."""
        return cls(json.dumps(said, sort_keys=True, separators=(",", ":")).encode(), said["mediaType"])

    @property
    def digest(self) -> str:
        return digest_of(self.content)

    @property
    def said(self) -> dict[str, Any]:
        """What it says; nothing where it is no object."""
        try:
            said = json.loads(self.content)
        except (ValueError, RecursionError):
            return {}
        return said if isinstance(said, dict) else {}

    @property
    def subject(self) -> str:
        """The digest of what it hangs on, or nothing."""
        subject = self.said.get("subject")
        return str(subject.get("digest", "")) if isinstance(subject, dict) else ""

    @property
    def descriptor(self) -> dict[str, Any]:
        """How an index lists it."""
        said = self.said
        described = {
            "mediaType": self.media_type,
            "digest": self.digest,
            "size": len(self.content),
            "artifactType": said.get("artifactType"),
            "annotations": said.get("annotations"),
        }
        return {name: value for name, value in described.items() if value is not None}


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def is_digest(text: str) -> bool:
    return _DIGEST.fullmatch(text) is not None


def fallback_tag(digest: str) -> str:
    """The tag under which what hangs on a manifest is listed where the registry has no API for it.

    https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema
    """
    return digest.replace(":", "-", 1)
