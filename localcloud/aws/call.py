"""What an HTTP request to the AWS API asks for: service, action, region, by whom, in which protocol."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qs

from moto.core.request import EnvironHeaders, Request
from moto.core.routing import get_service_router
from werkzeug.exceptions import HTTPException

from localcloud.aws.payload import Spool

Environ = dict[str, object]
ACTION = "slipway.action"  # in the environ that moto gets: what was found out at the door
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
# What shows which service is meant, whatever the signature is for: the prefix of a target, the version of a form.
_TARGETS = {
    "TrentService": "kms",
    "AmazonEC2ContainerRegistry_V20150921": "ecr",
    "secretsmanager": "secretsmanager",
    "AmazonSSM": "ssm",
    "GraniteServiceVersion20100801": "monitoring",
    "Logs_20140328": "logs",
    "AWSEvents": "events",
}
_VERSIONS = {"2010-05-08": "iam", "2011-06-15": "sts", "2010-08-01": "monitoring", "2010-03-31": "sns"}
_CREDENTIAL = re.compile(r"Credential=([^,\s]+?)/[^/,\s]*/([^/,\s]*)/([^/,\s]*)/[^/,\s]*(?:[,\s]|$)")
_RPC_PATH = re.compile(r"^/service/([^/]+)/operation/(\w+)$")


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
    meant_for: str | None = None  # the name of the service that has to be signed for, where the request tells it
    target: str = ""  # path and query as they were sent, which is what was signed
    secure: bool = True  # whether it stands for a call by HTTPS
    source_ip: str = ""
    form: Mapping[str, str] | None = None  # of a browser, which this call of PutObject stands for
    spool: Spool | None = None  # the body, where it is an object's and too large for memory; `body` is empty then

    @property
    def body_sha256(self) -> str:
        """The digest of the body as it has come."""
        return self.spool.sha256 if self.spool else hashlib.sha256(self.body).hexdigest()

    @property
    def known(self) -> bool:
        """Whether this cloud has the service."""
        return self.service in SERVICES.values() or self.service == "s3control"


def understand(environ: Environ, body: bytes) -> Call:
    """Find out what a request asks for. One that tells no service, by its signature or otherwise, belongs to S3."""
    method, path = str(environ["REQUEST_METHOD"]), str(environ["PATH_INFO"])
    query = parse_qs(str(environ.get("QUERY_STRING", "")), keep_blank_values=True)
    key, region, signed_for = _credential(str(environ.get("HTTP_AUTHORIZATION", "")), query)
    form = _form(environ, method, path, body)
    target = str(environ.get("HTTP_X_AMZ_TARGET", ""))
    prefix, _, target_action = target.rpartition(".")
    rpc = _RPC_PATH.match(path)

    action = target_action or (rpc[2] if rpc else "") or _first(form, "Action") or _first(query, "Action")
    meant_for = _TARGETS.get(prefix or (rpc[1] if rpc else "")) or _VERSIONS.get(_first(form, "Version"))
    if action.startswith("AssumeRoleWith"):
        meant_for = "sts"
    elif signed_for in SERVICES and not action and path != "/":
        meant_for = "s3"  # no other service that is here has a path
    name = meant_for or signed_for or "s3"
    service = SERVICES.get(name, name)
    if service == "s3" and path.startswith("/v20180820/"):
        service = "s3control"
    protocol: Protocol = "json" if target else "cbor" if rpc else "s3" if service.startswith("s3") else "query"
    if protocol == "s3":
        action = _rest_action(service, environ, query)
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
        meant_for=meant_for,
        target=_target(str(environ.get("RAW_URI", ""))),
        secure=bool(environ.get(SECURE, True)),
        source_ip=str(environ.get("REMOTE_ADDR", "")),
    )


def _credential(authorization: str, query: dict[str, list[str]]) -> tuple[str | None, str, str | None]:
    match = _CREDENTIAL.search(authorization or f"Credential={_first(query, 'X-Amz-Credential')}")
    return (match[1], match[2], match[3].lower()) if match else (None, "", None)


def _form(environ: Environ, method: str, path: str, body: bytes) -> dict[str, list[str]]:
    kind = str(environ.get("CONTENT_TYPE", ""))
    if (method, path) != ("POST", "/") or not kind.startswith("application/x-www-form-urlencoded"):
        return {}  # an object may be sent as a form, too: that is what curl says of any data
    return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)


def _first(values: dict[str, list[str]], name: str) -> str:
    return values.get(name, [""])[0]


def _target(sent: str) -> str:
    """Path and query; a proxy is sent the whole address."""
    if sent.startswith("/"):
        return sent
    _, _, rest = sent.partition("://")
    return "/" + rest.partition("/")[2]


def _rest_action(service: str, environ: Environ, query: Mapping[str, list[str]]) -> str:
    try:
        operation, _ = get_service_router(service).match(Request(environ))
    except (HTTPException, NotImplementedError):
        return ""
    if operation.name == "GetObject" and "attributes" in query:
        return "GetObjectAttributes"  # for the router, the header that names them makes it one
    return str(operation.name)
