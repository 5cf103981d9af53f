"""What an HTTP request to the AWS API asks for: service, action, region, by whom, in which protocol."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Literal
from urllib.parse import parse_qs

from moto.core.request import EnvironHeaders, Request
from moto.core.routing import get_service_router
from moto.core.utils import utcnow
from werkzeug.exceptions import NotFound

Environ = dict[str, object]
SECURE = "slipway.secure"  # in the environ: False where a call came by the port that stands for plain HTTP
Protocol = Literal["json", "query", "cbor", "s3"]

# The name that a client signs for, and moto's name for the service.
SERVICES = {
    "s3": "s3",
    "iam": "iam",
    "sts": "sts",
    "kms": "kms",
    "ecr": "ecr",
    "secretsmanager": "secretsmanager",
    "ssm": "ssm",
    "monitoring": "cloudwatch",
    "sns": "sns",
    "logs": "logs",
    "events": "events",
}
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")
_RPC_PATH = re.compile(r"^/service/[^/]+/operation/(\w+)$")


@dataclass(frozen=True)
class Call:
    """One request, understood but not yet checked or carried out. The names of headers are in small letters."""

    service: str
    action: str
    region: str
    access_key_id: str | None
    protocol: Protocol
    method: str
    path: str
    query: Mapping[str, list[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    expired: bool = False
    target: str = ""  # path and query as they were sent, which is what was signed
    secure: bool = True  # whether it stands for a call by HTTPS
    source_ip: str = ""

    @property
    def known(self) -> bool:
        """Whether this cloud has the service."""
        return self.service in SERVICES.values() or self.service == "s3control"


def read_body(environ: Environ) -> bytes:
    """Read the body whole and put it back, so that it can be looked at and then served."""
    stream = environ["wsgi.input"]
    length = environ.get("CONTENT_LENGTH")
    if length:
        body: bytes = stream.read(int(str(length)))  # type: ignore[attr-defined] # WSGI says it is a file
    elif environ.get("wsgi.input_terminated"):
        body = stream.read()  # type: ignore[attr-defined] # as above
        environ.pop("HTTP_TRANSFER_ENCODING", None)
    else:
        body = b""
    environ["CONTENT_LENGTH"] = str(len(body))
    environ["wsgi.input"] = BytesIO(body)
    return body


def understand(environ: Environ, body: bytes) -> Call:
    """Find out what a request asks for. One without a signature belongs to S3, or to STS by its action."""
    method, path = str(environ["REQUEST_METHOD"]), str(environ["PATH_INFO"])
    query = parse_qs(str(environ.get("QUERY_STRING", "")), keep_blank_values=True)
    key, region, signed_for = _credential(str(environ.get("HTTP_AUTHORIZATION", "")), query)
    form = _form(environ, body)
    target = str(environ.get("HTTP_X_AMZ_TARGET", ""))
    rpc = _RPC_PATH.match(path)

    action = target.rpartition(".")[2] or (rpc[1] if rpc else "") or _first(form, "Action") or _first(query, "Action")
    if signed_for is None and action.startswith("AssumeRoleWith"):
        signed_for = "sts"
    service = SERVICES.get(signed_for or "s3", signed_for or "s3")
    if service == "s3" and path.startswith("/v20180820/"):
        service = "s3control"
    protocol: Protocol = "json" if target else "cbor" if rpc else "s3" if service.startswith("s3") else "query"
    if protocol == "s3":
        action = _rest_action(service, environ)
    return Call(
        service,
        action,
        region,
        key,
        protocol,
        method,
        path,
        query,
        headers={name.lower(): value for name, value in EnvironHeaders(environ).items()},
        body=body,
        expired=_presigned_expired(query),
        target=str(environ.get("RAW_URI", "")),
        secure=bool(environ.get(SECURE, True)),
        source_ip=str(environ.get("REMOTE_ADDR", "")),
    )


def _credential(authorization: str, query: dict[str, list[str]]) -> tuple[str | None, str, str | None]:
    match = _CREDENTIAL.search(authorization or f"Credential={_first(query, 'X-Amz-Credential')}")
    return (match[1], match[2], match[3].lower()) if match else (None, "", None)


def _form(environ: Environ, body: bytes) -> dict[str, list[str]]:
    if str(environ.get("CONTENT_TYPE", "")).startswith("application/x-www-form-urlencoded"):
        return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {}


def _first(values: dict[str, list[str]], name: str) -> str:
    return values.get(name, [""])[0]


def _rest_action(service: str, environ: Environ) -> str:
    try:
        operation, _ = get_service_router(service).match(Request(environ))
    except (NotFound, NotImplementedError):
        return ""
    return str(operation.name)


def _presigned_expired(query: dict[str, list[str]]) -> bool:
    try:
        signed = datetime.strptime(_first(query, "X-Amz-Date"), "%Y%m%dT%H%M%SZ")  # noqa: DTZ007 - UTC, as moto's utcnow is
        lifetime = timedelta(seconds=int(_first(query, "X-Amz-Expires")))
    except ValueError:
        return False
    return bool(signed + lifetime < utcnow())
