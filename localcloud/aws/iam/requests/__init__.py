"""What each call asks for: actions, resources and condition keys as in AWS's Service Authorization Reference.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

from localcloud.aws import services
from localcloud.aws.call import Call
from localcloud.aws.caller import Caller
from localcloud.aws.iam.ask import Ask

Mapping = Callable[[Call, Caller], Iterator[Ask]]
_SERVICES = (
    "cloudwatch",
    "ecr",
    "events",
    "iam",
    "kms",
    "logs",
    "s3",
    "s3control",
    "secretsmanager",
    "sns",
    "ssm",
    "sts",
)
_mappings: dict[str, Mapping] = {}


def asks(call: Call, caller: Caller) -> Iterator[Ask]:
    """What the call asks for, in AWS's order: the next is found once the one before is allowed.

    To be taken while the state is locked. Raises the `AwsError` that AWS answers where what is asked for is not to be
    had by anybody, such as an object whose key is disabled.
    """
    services.prepare(call.service)
    if call.service not in _mappings:
        if call.service not in _SERVICES:
            raise NotImplementedError(f"the service {call.service!r}")
        _mappings[call.service] = import_module(f"{__name__}.{call.service}").asks
    yield from _mappings[call.service](call, caller)
