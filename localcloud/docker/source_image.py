"""A source image: a real OCI image whose one layer is the build context, to be run by this machine's Python.

The same files and the same Dockerfile give the same digest on every machine: entries are sorted and have no times, no
owners and nothing of the reader's umask.
"""

from __future__ import annotations

import io
import json
import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from build_context.files import files
from localcloud.images.dockerfile import Start, parse
from localcloud.images.reference import MANIFEST_TYPE, SOURCE_LABEL, digest_of

_CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
_LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip"
_GZIP = 31  # zlib's window bits for a gzip header; zlib writes no time into it


@dataclass(frozen=True)
class Blob:
    """Bytes and their digest."""

    content: bytes
    digest: str

    @classmethod
    def of(cls, content: bytes) -> Blob:
        """The bytes with their digest."""
        return cls(content, digest_of(content))


@dataclass(frozen=True)
class BuiltImage:
    """What is pushed: the manifest and what it names."""

    manifest: Blob
    blobs: tuple[Blob, ...]

    @property
    def digest(self) -> str:
        """The image's own."""
        return self.manifest.digest


@dataclass(frozen=True)
class Recipe:
    """Everything that an image depends on. What only a RUN could see changes nothing here."""

    context: Path
    files: tuple[str, ...]
    start: Start
    platform: str
    labels: Mapping[str, str] = field(default_factory=dict)
    """Those beside the Dockerfile's own, which they replace."""

    @classmethod
    def load(
        cls, *, context: Path, dockerfile: Path, platform: str, labels: Mapping[str, str] | None = None
    ) -> Recipe:
        """Read the Dockerfile and look which files it is about."""
        start = parse(dockerfile.read_text())
        return cls(context, tuple(files(context, dockerfile)), start, platform, labels or {})

    def image(self) -> BuiltImage:
        """Build it."""
        layer = self._layer()
        packed = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
        compressed = Blob.of(packed.compress(layer) + packed.flush())
        system, _, machine = self.platform.partition("/")
        architecture, _, variant = machine.partition("/")
        config = Blob.of(
            _json(
                {
                    "architecture": architecture,
                    **({"variant": variant} if variant else {}),
                    "os": system,
                    "config": self._config(),
                    "rootfs": {"type": "layers", "diff_ids": [digest_of(layer)]},
                }
            )
        )
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST_TYPE,
            "config": _descriptor(_CONFIG_TYPE, config),
            "layers": [_descriptor(_LAYER_TYPE, compressed)],
        }
        return BuiltImage(Blob.of(_json(manifest)), (config, compressed))

    def _config(self) -> dict[str, Any]:
        start = self.start
        return {
            "Env": [f"{key}={value}" for key, value in start.env.items()],
            "Entrypoint": list(start.entrypoint),
            "Cmd": list(start.cmd),
            "WorkingDir": start.workdir,
            "User": start.user,
            "ExposedPorts": {port: {} for port in start.ports},
            "Labels": {**start.labels, **self.labels, SOURCE_LABEL: "1"},
        }

    def _layer(self) -> bytes:
        root = self.start.workdir.strip("/")
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for folder in _folders(root, self.files):
                entry = tarfile.TarInfo(folder)
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(entry)
            for name in self.files:
                path = self.context / name
                entry = tarfile.TarInfo(f"{root}/{name}".lstrip("/"))
                entry.mode = _mode(path)
                if path.is_symlink():
                    entry.type, entry.linkname = tarfile.SYMTYPE, str(path.readlink())
                    tar.addfile(entry)
                else:
                    content = path.read_bytes()
                    entry.size = len(content)
                    tar.addfile(entry, io.BytesIO(content))
        return buffer.getvalue()


def _folders(root: str, files: tuple[str, ...]) -> list[str]:
    folders = set[str]()
    for name in (f"{root}/{name}".lstrip("/") for name in files):
        parts = name.split("/")[:-1]
        folders |= {"/".join(parts[:count]) for count in range(1, len(parts) + 1)}
    return sorted(folders)


def _mode(path: Path) -> int:
    if path.is_symlink():
        return 0o777
    return 0o755 if path.stat().st_mode & 0o100 else 0o644


def _descriptor(media_type: str, blob: Blob) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": blob.digest, "size": len(blob.content)}


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
