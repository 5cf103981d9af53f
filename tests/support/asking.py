"""What a real client's call asks for, without a cloud: the request is made, understood, and never sent."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.awsrequest import AWSResponse
from botocore.exceptions import BotoCoreError, ClientError
from moto.core.request import Request
from werkzeug.test import EnvironBuilder

from localcloud.aws import intake
from localcloud.aws.call import Call, understand
from localcloud.aws.caller import Caller
from localcloud.aws.iam.ask import Ask
from localcloud.aws.iam.requests import asks

ACCOUNT, REGION = "123456789012", "eu-central-1"
USER = Caller("user", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/ann", "AIDAANN")


def call_of(service: str, operation: str, **parameters: Any) -> Call:
    """The call that a client makes of this, as the door understands it."""
    sent: list[Any] = []

    def keep(request: Any, **_: Any) -> AWSResponse:
        sent.append(request)
        return AWSResponse(request.url, 200, {}, BytesIO(b""))  # type: ignore[arg-type] # it is read as a file

    client: Any = boto3.client(  # type: ignore[call-overload] # the stubs know each service by its literal name
        service,
        region_name=REGION,
        endpoint_url="http://127.0.0.1:1",
        aws_access_key_id="AKIAEXAMPLE",
        aws_secret_access_key="secret",
    )
    client.meta.events.register("before-send", keep)
    with suppress(BotoCoreError, ClientError, AttributeError, KeyError, TypeError, ValueError):
        getattr(client, operation)(**parameters)  # nothing is answered, which leads to any of these
    assert sent, f"{operation} was not sent: its parameters are refused by the client"
    return understand(*_as_served(sent[0]))


def asked(service: str, operation: str, caller: Caller = USER, **parameters: Any) -> list[Ask]:
    """Everything that the call asks for, as if each were allowed."""
    return list(asks(call_of(service, operation, **parameters), caller))


def pairs(found: list[Ask]) -> list[tuple[str, str]]:
    """The actions and resources alone."""
    return [(ask.action, ask.resource) for ask in found]


def _as_served(request: Any) -> tuple[Any, bytes]:
    url = urlsplit(request.url)
    body = request.body.read() if hasattr(request.body, "read") else request.body or b""
    body = body.encode() if isinstance(body, str) else body
    headers = {name: _text(value) for name, value in request.headers.items()}
    headers.pop("Transfer-Encoding", None)
    builder = EnvironBuilder(
        url.path, query_string=url.query, method=request.method, headers=headers, input_stream=BytesIO(body)
    )
    environ: Any = Request(builder.get_environ()).environ
    environ["CONTENT_LENGTH"] = str(len(body))
    received = intake.receive(environ)
    return environ, received if isinstance(received, bytes) else received.read()


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
