"""An upload in parts: constant memory, parts side by side, each with its checksum, never over what is there."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from console.errors import REFUSED, ExplainedError
from ops.doors import aws

SMALLEST = 8 << 20
DOUBLES = 1000  # parts after which the next are twice as long: 10,000 of them hold more than S3's 5 TiB
PARTS = 9_000  # that an upload of a known length may have; S3 takes 10,000
AT_ONCE = 16 << 20  # bytes on their way at any time, at least one part
TOKEN = "slipway-put"  # metadata by which we know our own object again  # noqa: S105 - a name, no secret
TAKEN = frozenset({"PreconditionFailed", "412"})
AGAIN = frozenset({"ConditionalRequestConflict", "OperationAborted", "409"})  # somebody else was about to
LOST = frozenset({"NoSuchUpload"})


@dataclass(frozen=True)
class Stored:
    """What lies in the bucket now."""

    size: int
    sha256: str


@dataclass
class Upload:
    """Of one object."""

    s3: Any
    bucket: str
    key: str
    once: bool = True
    size_hint: int | None = None
    token: str = field(default_factory=lambda: secrets.token_hex(16))

    def length(self, number: int) -> int:
        """Of the part with that number, from 1."""
        if self.size_hint:
            return max(SMALLEST, -(-self.size_hint // PARTS))
        return int(SMALLEST << ((number - 1) // DOUBLES))

    def pieces(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The same bytes, as long as the parts are."""
        number, held, size = 1, list[bytes](), 0
        for chunk in chunks:
            left = memoryview(chunk)
            while size + len(left) >= (length := self.length(number)):
                held.append(bytes(left[: length - size]))
                left = left[length - size :]
                yield b"".join(held)
                number, held, size = number + 1, [], 0
            if left:
                held.append(bytes(left))
                size += len(left)
        if held:
            yield b"".join(held)

    def send(self, first: bytes, second: bytes, rest: Iterator[bytes]) -> Stored:
        """All the parts; whatever fails, the upload is taken back."""
        place = f"cannot store s3://{self.bucket}/{self.key}"
        with aws.told(place):
            upload = self.s3.create_multipart_upload(
                Bucket=self.bucket, Key=self.key, ChecksumAlgorithm="SHA256", Metadata={TOKEN: self.token}
            )["UploadId"]
        try:
            stored, parts = self._send(upload, first, second, rest)
            self._complete(upload, parts)
        except BaseException:
            # What cannot be taken back now, the bucket's lifecycle clears away.
            with suppress(ExplainedError), aws.told(place):
                self.s3.abort_multipart_upload(Bucket=self.bucket, Key=self.key, UploadId=upload)
            raise
        return stored

    def _send(self, upload: str, first: bytes, second: bytes, rest: Iterator[bytes]) -> tuple[Stored, list[Any]]:
        whole, size, sent = hashlib.sha256(), 0, list[Future[dict[str, Any]]]()
        slots = _Slots(AT_ONCE)
        pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="upload")
        try:
            waiting, number = [second, first], 1
            while piece := waiting.pop() if waiting else next(rest, b""):
                whole.update(piece)
                size += len(piece)
                slots.take(len(piece))
                for one in sent:
                    if one.done():
                        one.result()  # what failed ends it now, not after the last part
                sent.append(pool.submit(self._part, upload, number, piece, slots))
                number += 1
                del piece
            return Stored(size, whole.hexdigest()), [one.result() for one in sent]
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _part(self, upload: str, number: int, piece: bytes, slots: _Slots) -> dict[str, Any]:
        try:
            checksum = _checksum(piece)
            with aws.told(f"cannot store part {number} of s3://{self.bucket}/{self.key}"):
                answer = self.s3.upload_part(
                    Bucket=self.bucket, Key=self.key, UploadId=upload, PartNumber=number, Body=piece,
                    ChecksumSHA256=checksum,
                )  # fmt: skip
            return {"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": checksum}
        finally:
            slots.give(len(piece))

    def _complete(self, upload: str, parts: list[Any]) -> None:
        condition = {"IfNoneMatch": "*"} if self.once else {}
        _once(
            lambda: self.s3.complete_multipart_upload(
                Bucket=self.bucket, Key=self.key, UploadId=upload, MultipartUpload={"Parts": parts}, **condition
            ),
            self,
        )

    def is_ours(self) -> bool:
        """Whether the object that is there is the one of this upload: an answer that was lost is asked for twice."""
        found = aws.answer(lambda: self.s3.head_object(Bucket=self.bucket, Key=self.key), unless=("404", "NoSuchKey"))
        return found is not None and found["Metadata"].get(TOKEN) == self.token


def put_in_one(s3: Any, bucket: str, key: str, content: bytes, *, once: bool) -> Stored:
    """A small object, or an empty one."""
    upload = Upload(s3, bucket, key, once=once)
    condition = {"IfNoneMatch": "*"} if once else {}
    _once(
        lambda: s3.put_object(
            Bucket=bucket, Key=key, Body=content, ChecksumSHA256=_checksum(content),
            Metadata={TOKEN: upload.token}, **condition,
        ),
        upload,
    )  # fmt: skip
    return Stored(len(content), hashlib.sha256(content).hexdigest())


def _once(ask: Any, upload: Upload) -> None:
    """Until it is stored; refused where there is one that is not of this upload."""
    from botocore.exceptions import ClientError

    place = f"s3://{upload.bucket}/{upload.key}"
    with aws.told(f"cannot store {place}"):
        for attempt in range(8):
            try:
                ask()
            except ClientError as error:
                code = error.response.get("Error", {}).get("Code")
                if code in TAKEN | LOST and upload.is_ours():
                    return
                if code in TAKEN:
                    raise ExplainedError(
                        f"refused to store {place}", "there is one already, and none is written over", code=REFUSED
                    ) from error
                if code not in AGAIN or attempt == 7:
                    raise
                time.sleep(0.1 * 2**attempt)
            else:
                return


def _checksum(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


class _Slots:
    """Bytes that may be on their way; whoever wants more waits, and one alone always may."""

    def __init__(self, room: int) -> None:
        self._room, self._used, self._changed = room, 0, threading.Condition()

    def take(self, size: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._used or self._used + size <= self._room)
            self._used += size

    def give(self, size: int) -> None:
        with self._changed:
            self._used -= size
            self._changed.notify_all()
