"""AWS's errors, said in the protocol in which the client asked."""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

from localcloud.aws.call import Call, Protocol

REQUEST_ID, HOST_ID = "x-amz-request-id", "x-amz-id-2"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class AwsError(Exception):
    """An error that AWS itself would answer: its code and status in each protocol."""

    message: str
    query: tuple[str, int]
    json: tuple[str, int]
    s3: tuple[str, int]
    details: Mapping[str, str] = field(default_factory=dict)  # what S3 says beside the message
    headers: Mapping[str, str] = field(default_factory=dict)
    s3_message: str = ""  # where S3 has other words for it

    def code(self, protocol: Protocol) -> tuple[str, int]:
        """The code and the HTTP status for that protocol."""
        return {"s3": self.s3, "json": self.json}.get(protocol, self.query)


def same(code: str, status: int, message: str) -> AwsError:
    """A problem that has one code in every protocol."""
    return AwsError(message, (code, status), (code, status), (code, status))


UNKNOWN_KEY = AwsError(
    "The security token included in the request is invalid.",
    query=("InvalidClientTokenId", 403),
    json=("UnrecognizedClientException", 400),
    s3=("InvalidAccessKeyId", 403),
    s3_message="The AWS Access Key Id you provided does not exist in our records.",
)
EXPIRED_KEY = AwsError(
    "The security token included in the request is expired",
    query=("ExpiredToken", 403),
    json=("ExpiredTokenException", 400),
    s3=("ExpiredToken", 400),
    s3_message="The provided token has expired.",
)
NO_KEY = AwsError(
    "Missing Authentication Token",
    query=("MissingAuthenticationToken", 403),
    json=("MissingAuthenticationTokenException", 400),
    s3=("AccessDenied", 403),
    s3_message="Access Denied",
)


def throttled(message: str) -> AwsError:
    """AWS's rate limit."""
    return AwsError(message, query=("Throttling", 400), json=("ThrottlingException", 400), s3=("SlowDown", 503))


def failure(status: int, message: str) -> AwsError:
    """A fault of the service itself."""
    return same("ServiceUnavailable" if status == 503 else "InternalFailure", status, message)


def s3_ids() -> dict[str, str]:
    """The two ids that every answer of S3 has, and an error in its body, too."""
    return {REQUEST_ID: secrets.token_hex(8).upper(), HOST_ID: base64.b64encode(secrets.token_bytes(56)).decode()}


def reply(problem: AwsError, call: Call) -> Response:
    """The HTTP answer that the client's SDK turns into that error."""
    code, status = problem.code(call.protocol)
    request_id = str(uuid4())
    ids = s3_ids() if call.protocol == "s3" else {"x-amzn-requestid": request_id, REQUEST_ID: request_id}
    headers = {**ids, **problem.headers}
    body: str | bytes
    if call.protocol == "json":
        body = json.dumps({"__type": code, "message": problem.message})
        headers |= {"x-amzn-errortype": code, "content-type": "application/x-amz-json-1.1"}
        if call.service == "cloudwatch":  # once spoke the query protocol; clients go on with its codes
            headers["x-amzn-query-error"] = f"{problem.query[0]};Sender"
    elif call.protocol == "cbor":
        body = b"\xa2" + b"".join(map(_cbor_text, ("__type", code, "message", problem.message)))
        headers |= {"smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor"}
        headers |= {"x-amzn-query-error": f"{code};Sender"}
    else:
        message = (problem.s3_message if call.protocol == "s3" else "") or problem.message
        error = f"<Code>{_xml(code)}</Code><Message>{_xml(message)}</Message>"
        if call.protocol == "s3":
            error += "".join(f"<{name}>{_xml(value)}</{name}>" for name, value in problem.details.items())
            error = f"<Error>{error}<RequestId>{ids[REQUEST_ID]}</RequestId><HostId>{ids[HOST_ID]}</HostId></Error>"
        else:
            blame = "Sender" if status < 500 else "Receiver"
            error = f"<ErrorResponse><Error><Type>{blame}</Type>{error}</Error><RequestId>{request_id}</RequestId>"
            error += "</ErrorResponse>"
        body = '<?xml version="1.0" encoding="UTF-8"?>\n' + error
        headers |= {"content-type": "application/xml"}
    return Response(body, status, headers)


def _xml(text: str) -> str:
    """Text as XML can hold it, whatever a client has sent."""
    return escape(_NOT_IN_XML.sub("\ufffd", text))


def _cbor_text(text: str) -> bytes:
    encoded = text.encode()
    if len(encoded) < 24:
        return bytes([0x60 + len(encoded)]) + encoded
    return b"\x79" + len(encoded).to_bytes(2, "big") + encoded
