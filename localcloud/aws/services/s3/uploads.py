"""An upload in parts while it goes on, and how its parts become one object."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from localcloud.aws.services.s3.bodies import Body
from localcloud.aws.services.s3.checksums import (
    ALGORITHMS,
    DEFAULT,
    LINEAR,
    ONLY_WHOLE,
    Checksum,
    Type,
    checksum,
    composite,
)
from localcloud.aws.services.s3.errors import invalid_request, refuse
from localcloud.aws.services.s3.new_object import NewObject
from localcloud.aws.services.s3.objects import Part, now

SMALLEST_PART = 5 << 20


@dataclass(frozen=True)
class Kind:
    """Which checksum an upload has; `declared` where its maker named it."""

    algorithm: str
    type: Type
    declared: bool

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Kind:
        """As the request that began it says."""
        algorithm = headers.get("x-amz-checksum-algorithm", "").upper()
        wanted = headers.get("x-amz-checksum-type", "").upper()
        if not algorithm:
            if wanted:
                message = "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header."
                raise invalid_request(message)
            return cls(DEFAULT, "FULL_OBJECT", declared=False)
        if algorithm not in ALGORITHMS:
            message = "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
            raise invalid_request(f"{message}[{', '.join(sorted(ALGORITHMS))}]")
        usual: Type = "FULL_OBJECT" if algorithm in ONLY_WHOLE else "COMPOSITE"
        if wanted not in ("", "COMPOSITE", "FULL_OBJECT"):
            raise invalid_request("Value for x-amz-checksum-type header is invalid.")
        kind: Type = usual if not wanted else "COMPOSITE" if wanted == "COMPOSITE" else "FULL_OBJECT"
        if (kind == "COMPOSITE" and algorithm in ONLY_WHOLE) or (kind == "FULL_OBJECT" and algorithm not in LINEAR):
            message = f"The {kind} checksum type cannot be used with the {algorithm.lower()} checksum algorithm."
            raise invalid_request(message)
        return cls(algorithm, kind, declared=True)

    def of_part(self, given: Checksum | None, body: Body) -> Checksum:
        """The checksum that a part is kept with."""
        actual = given.algorithm.lower() if given else "null"
        if self.declared and actual != self.algorithm.lower() and (given or self.type == "COMPOSITE"):
            message = f"Checksum Type mismatch occurred, expected checksum Type: {self.algorithm.lower()}"
            raise invalid_request(f"{message}, actual checksum Type: {actual}")
        if given and given.algorithm == self.algorithm:
            return given
        return checksum(self.algorithm, body.chunks())

    def of_object(self, parts: list[Part]) -> Checksum:
        """The checksum of the object that these parts make."""
        if self.type == "COMPOSITE":
            return composite([part.checksum for part in parts])
        return checksum(self.algorithm, Body(tuple(p for part in parts for p in part.body.pieces)).chunks())


@dataclass
class Upload:
    """One that was begun. moto's buckets keep it under its id."""

    key_name: str
    attributes: NewObject
    kind: Kind
    id: str = field(default_factory=lambda: secrets.token_urlsafe(64))
    initiated: datetime = field(default_factory=now)
    parts: dict[int, Part] = field(default_factory=dict)

    @property
    def storage(self) -> str:
        """Its storage class, by moto's name."""
        return self.attributes.storage_class

    @property
    def metadata(self) -> dict[str, str]:
        """What listings show of its checksum, by moto's name."""
        if not self.kind.declared:
            return {}
        return {"x-amz-checksum-algorithm": self.kind.algorithm, "x-amz-checksum-type": self.kind.type}

    @property
    def numbers(self) -> list[int]:
        """Of the parts there are, in order."""
        return sorted(self.parts)

    def add(self, part: Part) -> None:
        """Keep a part, in the place of one sent before under its number."""
        before = self.parts.get(part.number)
        self.parts[part.number] = part
        if before:
            before.body.release()

    def dispose(self) -> None:
        """It is over: what no object took over leaves the disk."""
        for part in self.parts.values():
            part.body.release()

    def chosen(self, wanted: list[dict[str, Any]]) -> list[Part]:
        """The parts that its completion names; S3's refusal where they are not those that were sent."""
        numbers = [each.get("PartNumber", 0) for each in wanted]
        if any(later <= earlier for earlier, later in pairwise(numbers)):
            message = "The list of parts was not in ascending order."
            message += " The parts list must be specified in order by part number."
            raise refuse("InvalidPartOrder", 400, message, UploadId=self.id)
        parts = [self._part(each) for each in wanted]
        for part in parts[:-1]:
            if part.size < SMALLEST_PART:
                raise refuse(
                    "EntityTooSmall",
                    400,
                    "Your proposed upload is smaller than the minimum allowed size",
                    ETag=part.etag.strip('"'),
                    MinSizeAllowed=SMALLEST_PART,
                    PartNumber=part.number,
                    ProposedSize=part.size,
                )
        return parts

    def _part(self, wanted: dict[str, Any]) -> Part:
        number, etag = wanted.get("PartNumber", 0), wanted.get("ETag", "").strip('"')
        part = self.parts.get(number)
        given = {name: wanted[name] for name in (f"Checksum{each}" for each in ALGORITHMS) if name in wanted}
        if (
            part is None
            or part.etag.strip('"') != etag
            or any(
                value != part.checksum.value
                for name, value in given.items()
                if name == f"Checksum{self.kind.algorithm}"
            )
        ):
            message = "One or more of the specified parts could not be found. The part may not have been uploaded,"
            message += " or the specified entity tag may not match the part's entity tag."
            raise refuse("InvalidPart", 400, message, UploadId=self.id, PartNumber=number, ETag=etag)
        if self.kind.declared and self.kind.type == "COMPOSITE" and f"Checksum{self.kind.algorithm}" not in given:
            message = f"The upload was created using a {self.kind.algorithm.lower()} checksum. The complete request"
            message += f" must include the checksum for each part. It was missing for part {number} in the request."
            raise invalid_request(message)
        return part


def etag_of(parts: list[Part]) -> str:
    """The MD5 of the parts' ETags, and how many they are."""
    hashed = hashlib.md5(usedforsecurity=False)
    for part in parts:
        hashed.update(bytes.fromhex(part.etag.strip('"')))
    return f"{hashed.hexdigest()}-{len(parts)}"
