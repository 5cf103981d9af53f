"""Bytes that come in pieces, for those who read files."""

from __future__ import annotations

import io
from collections.abc import Iterable


class Chunked(io.RawIOBase):
    """Chunks as a file that is read once, from its beginning."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        super().__init__()
        self._chunks, self._kept = iter(chunks), b""

    def readable(self) -> bool:
        """Nothing else."""
        return True

    def read(self, size: int = -1) -> bytes:
        """As much as is asked for, or all that is left."""
        held, length = [self._kept], len(self._kept)
        while size < 0 or length < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            held.append(chunk)
            length += len(chunk)
        whole = b"".join(held)
        given, self._kept = (whole, b"") if size < 0 else (whole[:size], whole[size:])
        return given
