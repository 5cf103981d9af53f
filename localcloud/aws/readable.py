"""Whether a call is one that its service has, with a body in the language of its protocol."""

from __future__ import annotations

import json
import traceback
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

from moto.core import parse
from moto.core.utils import get_service_model

from localcloud.aws import shapes
from localcloud.aws.call import Call
from localcloud.aws.replies import AwsError, same

UNREADABLE = AwsError(
    "The request could not be read.",
    query=("MalformedInput", 400),
    json=("SerializationException", 400),
    s3=("InvalidRequest", 400),
)
_NO_METHOD = same("MethodNotAllowed", 405, "The specified method is not allowed against this resource.")
_NO_BODY = same("MissingRequestBodyError", 400, "Request Body is empty")
_NO_XML = same(
    "MalformedXML", 400, "The XML you provided was not well-formed or did not validate against our published schema"
)
_NO_FORM = same(
    "PreconditionFailed",
    412,
    "At least one of the pre-conditions you specified did not hold: "
    "Bucket POST must be of the enclosure-type multipart/form-data",
)


def check(call: Call) -> None:
    """Raise the AwsError that AWS answers to what is no call of the service, or cannot be read."""
    if call.protocol == "s3":
        _check_s3(call)
        return
    if not call.action and call.protocol == "query":
        raise same("MissingAction", 400, "The request must contain the parameter Action")
    if call.action not in _operations(call.service):
        raise _unknown(call)
    if call.protocol == "json":
        said, shape = _json(call.body), shapes.of_input(call.service, call.action)
        if shape and shapes.ill_typed(shape, said):
            raise UNREADABLE


def is_about_the_request(error: Exception) -> bool:
    """Whether it was while reading the request's parameters that something failed."""
    return any(frame.filename == parse.__file__ for frame in traceback.extract_tb(error.__traceback__))


@cache
def _operations(service: str) -> frozenset[str]:
    return frozenset(get_service_model(service).operation_names)


def _check_s3(call: Call) -> None:
    if call.method == "OPTIONS":
        return
    if call.action == "PostObject":
        raise _NO_FORM
    if not call.action:
        raise _NO_METHOD
    shape = shapes.of_input(call.service, call.action)
    payload = shape.serialization.get("payload") if shape else None
    if not shape or not payload or shape.members[payload].type_name != "structure":
        return
    if not call.body and payload in shape.required_members:
        raise _NO_BODY
    if call.body:
        _check_xml(call.body)


def _unknown(call: Call) -> AwsError:
    message = f"Could not find operation {call.action}"
    return AwsError(
        message, query=("InvalidAction", 400), json=("UnknownOperationException", 400), s3=("MethodNotAllowed", 405)
    )


def _json(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise UNREADABLE from None
    if not isinstance(said, dict):
        raise UNREADABLE
    return said


def _check_xml(body: bytes) -> None:
    try:
        ET.fromstring(body)  # noqa: S314 - expat itself refuses entities that grow
    except (ET.ParseError, ValueError, LookupError):  # of an encoding, too
        raise _NO_XML from None
