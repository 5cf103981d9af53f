"""Keeps the bodies of S3 objects on disk, so that neither memory nor the state file grows with a backup."""

from __future__ import annotations

import hashlib
import threading
from typing import Any

from moto.s3 import models

from localcloud.aws.blobs import Blobs
from localcloud.aws.services.s3 import encryption
from localcloud.machine.paths import folder

_MotoKey = models.FakeKey
_NOT_SAID = ("x-amz-server-side-encryption", "x-amz-sdk-checksum-algorithm")
_referred: set[str] = set()


def bodies() -> Blobs:
    """Where the bodies are."""
    return Blobs(folder("aws", "objects"))


class StoredKey(_MotoKey):
    """One version of an S3 object (or one part of an upload) whose body is a file.

    moto holds the body in memory and pickles it with the object.
    """

    _body: str

    @property
    def value(self) -> bytes:
        """The whole body."""
        return bodies().read(self._body)

    @value.setter
    def value(self, new_value: bytes | str) -> None:
        content = new_value.encode() if isinstance(new_value, str) else new_value
        self._body = bodies().add(content)
        self.contentsize = len(content)

    @property
    def etag(self) -> str:
        """The MD5 of the body in quotes, unless an upload in parts gave another."""
        if self._etag is None:
            self._etag = hashlib.md5(self.value, usedforsecurity=False).hexdigest()
        return f'"{self._etag}"'

    @property
    def response_dict(self) -> dict[str, Any]:
        """The headers of an answer about it; moto knows two kinds of encryption, and says more of one than S3."""
        told = super().response_dict
        plain = {name: value for name, value in told.items() if not name.startswith(_NOT_SAID)}
        return plain | encryption.headers(self)

    def dispose(self, garbage: bool = False) -> None:
        """Nothing to give back: unreferred bodies are deleted at the next start."""
        del garbage
        self.disposed = True

    def __getstate__(self) -> dict[str, Any]:
        hidden = ("lock", "_value_buffer")
        return {name: value for name, value in self.__dict__.items() if name not in hidden}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.lock = threading.Lock()
        _referred.add(self._body)


def install() -> None:
    """Make moto's S3 create these objects."""
    moto_s3: Any = models
    moto_s3.FakeKey = StoredKey


def forget_unreferred() -> int:
    """Delete the bodies that no loaded object refers to. To be called after loading, before serving."""
    return bodies().forget_all_but(_referred)
