"""The checksums that S3 keeps beside an object. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import anycrc

DEFAULT = "CRC64NVME"  # what S3 computes since December 2024 where a client gives none
Type = Literal["FULL_OBJECT", "COMPOSITE"]


class Hash(Protocol):
    """Takes bytes in and gives their digest."""

    def update(self, data: bytes, /) -> None:
        """Take more in."""

    def digest(self) -> bytes:
        """The digest of all so far."""


class _Crc:
    def __init__(self, calculate: Callable[[bytes, int], int], width: int) -> None:
        self._calculate, self._width, self._value = calculate, width, 0

    def update(self, data: bytes, /) -> None:
        self._value = self._calculate(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(self._width, "big")


_crc: Any = anycrc.Model  # type: ignore[attr-defined] # it has no types
_CRC32C, _CRC64NVME = _crc("CRC32C"), _crc("CRC64-NVME")
ALGORITHMS: dict[str, Callable[[], Hash]] = {
    "CRC32": lambda: _Crc(zlib.crc32, 4),
    "CRC32C": lambda: _Crc(_CRC32C.calc, 4),
    "CRC64NVME": lambda: _Crc(_CRC64NVME.calc, 8),
    "SHA1": lambda: hashlib.sha1(usedforsecurity=False),
    "SHA256": hashlib.sha256,
    "SHA512": hashlib.sha512,
    "MD5": lambda: hashlib.md5(usedforsecurity=False),
}
LINEAR = ("CRC32", "CRC32C", "CRC64NVME")  # of which the whole object's can be told from its parts'
ONLY_WHOLE = ("CRC64NVME",)


@dataclass(frozen=True)
class Checksum:
    """One checksum as S3 keeps and shows it: in base64; a composite one ends in the number of its parts."""

    algorithm: str
    value: str
    type: Type = "FULL_OBJECT"

    @property
    def shown(self) -> dict[str, Any]:
        """As the model's answers have it."""
        return {f"Checksum{self.algorithm}": self.value, "ChecksumType": self.type}

    @property
    def raw(self) -> bytes:
        """The digest itself."""
        return base64.b64decode(self.value.partition("-")[0])


def checksum(algorithm: str, chunks: Iterable[bytes]) -> Checksum:
    """The checksum of these bytes."""
    hashed = ALGORITHMS[algorithm]()
    for chunk in chunks:
        hashed.update(chunk)
    return Checksum(algorithm, encoded(hashed))


def composite(parts: list[Checksum]) -> Checksum:
    """The checksum of the checksums of an upload's parts, which all have the same algorithm."""
    algorithm = parts[0].algorithm
    of_parts = checksum(algorithm, (part.raw for part in parts))
    return Checksum(algorithm, f"{of_parts.value}-{len(parts)}", "COMPOSITE")


def encoded(hashed: Hash) -> str:
    """A digest as HTTP headers have it."""
    return base64.b64encode(hashed.digest()).decode()


def size(algorithm: str) -> int:
    """How many bytes such a digest has."""
    return len(ALGORITHMS[algorithm]().digest())
