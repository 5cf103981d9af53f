"""Images as every part of the local cloud speaks of them: names, digests, and the mark of a source image."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

SOURCE_LABEL = "dev.slipway.source-image"  # "1": its layer is a build context, to be run by this machine's Python
MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_REPOSITORY = re.compile(r"[a-z0-9]+([._/-]+[a-z0-9]+)*")


def digest_of(content: bytes) -> str:
    """As registries write it."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


@dataclass(frozen=True)
class ImageReference:
    """`host/repository:tag@digest`, with at least one of tag and digest."""

    host: str
    repository: str
    tag: str
    digest: str

    @classmethod
    def parse(cls, text: str) -> ImageReference:
        """`nginx` is `docker.io/library/nginx:latest`. Raises `ValueError` for what is no image reference."""
        rest, at, digest = text.partition("@")
        first, slash, remainder = rest.partition("/")
        hosted = bool(slash) and ("." in first or ":" in first or first == "localhost")
        host, path = (first, remainder) if hosted else ("docker.io", rest)
        repository, colon, tag = path.partition(":")
        if host == "docker.io" and "/" not in repository:
            repository = f"library/{repository}"
        fits = _REPOSITORY.fullmatch(repository)
        if not fits or (colon and not TAG.fullmatch(tag)) or (at and not DIGEST.fullmatch(digest)):
            raise ValueError(f"`{text}` is not an image reference")
        return cls(host, repository, tag or ("" if digest else "latest"), digest)

    def __str__(self) -> str:
        return f"{self.name}{self.tag and ':'}{self.tag}{self.digest and '@'}{self.digest}"

    @property
    def name(self) -> str:
        """Host and repository."""
        return f"{self.host}/{self.repository}"

    @property
    def on_this_machine(self) -> bool:
        """Whether its registry is reached without TLS and without a proxy."""
        return self.host.partition(":")[0] in ("127.0.0.1", "localhost")
