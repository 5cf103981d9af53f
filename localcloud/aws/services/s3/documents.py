"""XML documents as S3's model has them: read strictly, so that what the schema does not know is MalformedXML."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

from botocore.utils import parse_timestamp
from moto.core.utils import get_service_model

from localcloud.aws.services.s3.errors import malformed_xml

_ISO_8601 = re.compile(r"\d{4}-\d\d-\d\d")
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@cache
def operation(name: str) -> Any:
    """The operation in S3's model."""
    return get_service_model("s3").operation_model(name)


def payload(name: str, body: bytes, *, closed: bool = True) -> dict[str, Any]:
    """The document that an operation was sent, by the names of the model. AwsError where the schema differs.

    Where S3 has an error of its own for a value outside of an enumeration, they are not to be `closed`.
    """
    shape = operation(name).input_shape
    member = shape.serialization["payload"]
    root = _parse(body)
    if _name(root) != shape.members[member].serialization.get("name", member):
        raise malformed_xml()
    return _Reader(closed).structure(shape.members[member], root)


def has_document(name: str) -> bool:
    """Whether an operation is sent an XML document."""
    shape = operation(name).input_shape
    member = shape.serialization.get("payload") if shape else None
    return bool(member) and shape.members[member].type_name == "structure"


def _parse(body: bytes) -> ET.Element:
    if b"<!DOCTYPE" in body:  # a schema has no entities; and a few of them fill any memory
        raise malformed_xml()
    try:
        return ET.fromstring(body)  # noqa: S314 # as the line above says
    except (ET.ParseError, ValueError, LookupError) as error:
        raise malformed_xml() from error


def _name(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]


@dataclass(frozen=True)
class _Reader:
    closed: bool

    def structure(self, shape: Any, node: ET.Element) -> dict[str, Any]:
        names = {_tag(member, shape.members[member]): member for member in shape.members}
        found: dict[str, Any] = {}
        for name, member in names.items():
            attribute = node.get(name.replace("xsi:", _XSI))
            if shape.members[member].serialization.get("xmlAttribute") and attribute is not None:
                found[member] = self._simple(shape.members[member], attribute)
        for child in node:
            self._add(found, shape, names.get(_name(child), ""), child)
        if (node.text or "").strip() or any(member not in found for member in shape.required_members):
            raise malformed_xml()
        return found

    def _add(self, found: dict[str, Any], shape: Any, member: str, child: ET.Element) -> None:
        if not member:
            raise malformed_xml()
        part = shape.members[member]
        if part.serialization.get("flattened"):
            found.setdefault(member, []).append(self._value(part.member, child))
        elif member in found:
            raise malformed_xml()
        else:
            found[member] = self._value(part, child)

    def _value(self, shape: Any, node: ET.Element) -> Any:
        if shape.type_name == "structure":
            return self.structure(shape, node)
        if shape.type_name == "list":
            name = shape.member.serialization.get("name", "member")
            if any(_name(child) != name for child in node):
                raise malformed_xml()
            return [self._value(shape.member, child) for child in node]
        if len(node):
            raise malformed_xml()
        return self._simple(shape, node.text or "")

    def _simple(self, shape: Any, text: str) -> Any:
        if shape.type_name == "string":
            if self.closed and getattr(shape, "enum", None) and text not in shape.enum:
                raise malformed_xml()
            return text
        try:
            return _READERS[shape.type_name](text.strip())
        except (ValueError, KeyError, OverflowError) as error:
            raise malformed_xml() from error


def _tag(member: str, shape: Any) -> str:
    if shape.type_name == "list" and shape.serialization.get("flattened"):
        return str(shape.serialization.get("name") or shape.member.serialization.get("name") or member)
    return str(shape.serialization.get("name", member))


def _boolean(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text.lower()]


def _integer(text: str) -> int:
    if not text.lstrip("+-").isascii():
        raise ValueError(text)
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise ValueError(text)
    return number


def _timestamp(text: str) -> datetime:
    if not _ISO_8601.match(text):
        raise ValueError(text)
    moment = parse_timestamp(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


_READERS: dict[str, Callable[[str], Any]] = {
    "boolean": _boolean,
    "integer": _integer,
    "long": _integer,
    "timestamp": _timestamp,
}
