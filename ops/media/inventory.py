"""Inventories: a line for each file in the order of the keys, read and written line by line."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import IO, Any

from console.errors import ExplainedError
from ops.media.entries import Entry

FORMAT = 1
IN_MEMORY = 16 * 1024 * 1024  # of a compressed inventory; what is more waits in a file without a name
CHUNK = 256 * 1024
LEVEL = 3


@dataclass(frozen=True)
class Column:
    """Where the database names files: in front of each value stands `prefix` where the storage has a folder."""

    table: str
    column: str
    prefix: str = ""


@dataclass(frozen=True)
class Header:
    """An inventory's first line: whose it is."""

    id: str
    environment: str
    bucket: str
    target: str
    started: str
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True)
class Footer:
    """Its last line: without one it was never finished."""

    finished: str
    seconds: float
    objects: int
    bytes: int
    copied: int
    copied_bytes: int
    unchanged: int
    gone: int
    sha256: str = ""  # of all lines before


class Spool(tempfile.SpooledTemporaryFile[bytes]):
    """In memory, then in a file without a name; closed by who forgets it last."""

    def __init__(self) -> None:
        super().__init__(max_size=IN_MEMORY)

    def __del__(self) -> None:
        self.close()


class Writer:
    """Takes lines, and gives what they are once compressed."""

    def __init__(self, header: Header) -> None:
        import zstandard

        self._spool: IO[bytes] = Spool()
        self._pressed: Any = zstandard.ZstdCompressor(LEVEL, write_checksum=True).stream_writer(
            self._spool, closefd=False
        )
        self._hash, self._last = hashlib.sha256(), ""
        self._write({"format": FORMAT} | asdict(header))

    def add(self, entry: Entry) -> None:
        """The next one; the order is what makes an inventory comparable without holding it."""
        if entry.key <= self._last:
            raise ExplainedError("cannot write an inventory", f"{entry.key!r} came after {self._last!r}")
        self._last = entry.key
        self._write(asdict(entry))

    def finish(self, footer: Footer) -> IO[bytes]:
        """All of it, from its first byte."""
        self._write(asdict(footer) | {"sha256": self._hash.hexdigest()})
        self._pressed.close()
        self._spool.seek(0)
        return self._spool

    def close(self) -> None:
        """Forget what was written."""
        self._spool.close()

    def _write(self, line: Mapping[str, Any]) -> None:
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"
        self._hash.update(text)
        self._pressed.write(text)


@dataclass
class Inventory:
    """One that is kept here, compressed, and read as often as it is needed."""

    spool: IO[bytes]
    header: Header
    footer: Footer

    def entries(self) -> Iterator[Entry]:
        """By key. One reader at a time."""
        lines = _lines(self.spool)
        next(lines)
        for line in lines:
            if "key" in line:
                yield Entry(**line)

    def close(self) -> None:
        """Forget it."""
        self.spool.close()


def read(chunks: Iterator[bytes], name: str) -> Inventory:
    """An inventory from where it is kept, read through once: one that is cut or changed is an error."""
    spool: IO[bytes] = Spool()
    try:
        for chunk in chunks:
            spool.write(chunk)
        header, footer = _checked(spool)
    except ExplainedError:
        spool.close()
        raise
    except Exception as error:
        spool.close()
        raise ExplainedError(f"cannot use the inventory {name}", f"it is damaged: {error}") from error
    return Inventory(spool, header, footer)


def pieces(spool: IO[bytes]) -> Iterator[bytes]:
    """What was written, piece by piece."""
    spool.seek(0)
    while piece := spool.read(CHUNK):
        yield piece


def _checked(spool: IO[bytes]) -> tuple[Header, Footer]:
    seen, header, footer, count = hashlib.sha256(), None, None, 0
    for text in _texts(spool):
        if footer is not None:
            raise ValueError("something follows its last line")
        line = json.loads(text)
        if header is None:
            if line.pop("format", None) != FORMAT:
                raise ValueError("it is of another format")
            header = Header(**line | {"columns": columns(line["columns"])})
        elif "key" in line:
            count += 1
        else:
            footer = Footer(**line)
            if footer.sha256 != seen.hexdigest() or footer.objects != count:
                raise ValueError("its lines are not those that were written")
        seen.update(text)
    if header is None or footer is None:
        raise ValueError("it ends too early")
    return header, footer


def columns(given: Sequence[Mapping[str, str]]) -> tuple[Column, ...]:
    """As they are written."""
    return tuple(Column(**one) for one in given)


def _lines(spool: IO[bytes]) -> Iterator[dict[str, Any]]:
    for text in _texts(spool):
        yield json.loads(text)


def _texts(spool: IO[bytes]) -> Iterator[bytes]:
    """Each line with its end."""
    import zstandard

    spool.seek(0)
    kept = b""
    with zstandard.ZstdDecompressor().stream_reader(spool, closefd=False) as reader:
        while piece := reader.read(CHUNK):
            *whole, kept = (kept + piece).split(b"\n")
            for line in whole:
                yield line + b"\n"
    if kept:
        raise ValueError("its last line is cut")
