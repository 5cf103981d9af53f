"""Blobs on their way in: a file for each upload, checked against its digest before it counts."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from localcloud.aws.blobs import Blobs
from localcloud.aws.registry.errors import RegistryError
from localcloud.images.reference import DIGEST
from localcloud.machine.paths import folder

CHUNK = 1 << 20


class Uploads:
    """The uploads in progress. One is known by its id and belongs to a repository."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._folder = folder("aws", "registry", "uploads")

    def forget(self) -> None:
        """Give up what an earlier process left."""
        shutil.rmtree(self._folder)
        self._folder.mkdir()

    def begin(self, repository: str) -> str:
        """Open an upload; gives its id."""
        upload = str(uuid4())
        self._file(repository, upload).touch(mode=0o600)
        return upload

    def size(self, repository: str, upload: str) -> int:
        """How many bytes came so far."""
        return self._known(repository, upload).stat().st_size

    def append(self, repository: str, upload: str, body: BinaryIO, content_range: str | None) -> int:
        """Add a chunk, which must begin where the last ended; gives how many bytes came so far."""
        file = self._known(repository, upload)
        if content_range:
            start = re.fullmatch(r"(?:bytes )?(\d+)-\d+(?:/.*)?", content_range)
            if not start or int(start[1]) != file.stat().st_size:
                raise RegistryError(
                    "BLOB_UPLOAD_INVALID", f"the range {content_range} does not follow what came before"
                )
        with file.open("ab") as output:
            shutil.copyfileobj(body, output, CHUNK)
        return file.stat().st_size

    def finish(self, repository: str, upload: str, digest: str) -> int:
        """Keep what came under its digest, or refuse it when it is another; gives its size."""
        file = self._known(repository, upload)
        if not DIGEST.fullmatch(digest):
            raise RegistryError("DIGEST_INVALID", f"not a sha256 digest: {digest}")
        hashed = hashlib.sha256()
        with file.open("rb") as content:
            while block := content.read(CHUNK):
                hashed.update(block)
        if digest != f"sha256:{hashed.hexdigest()}":
            file.unlink()
            raise RegistryError("DIGEST_INVALID", f"what was sent has the digest sha256:{hashed.hexdigest()}")
        size = file.stat().st_size
        self._blobs.adopt(file, digest)
        return size

    def cancel(self, repository: str, upload: str) -> None:
        """Give an upload up."""
        self._known(repository, upload).unlink()

    def _known(self, repository: str, upload: str) -> Path:
        file = self._file(repository, upload)
        if not re.fullmatch(r"[0-9a-f-]{36}", upload) or not file.exists():
            raise RegistryError("BLOB_UPLOAD_UNKNOWN", f"no upload {upload} in {repository}")
        return file

    def _file(self, repository: str, upload: str) -> Path:
        owner = hashlib.sha256(repository.encode()).hexdigest()[:16]
        return self._folder / f"{owner}.{upload}"
