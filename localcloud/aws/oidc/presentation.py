"""The token that a call brings, verified.

That is done before the state is locked: an issuer may be slow. What it has shown waits in `presented` until moto
carries the call out, under the lock.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from threading import RLock
from typing import Any

from moto.iam.models import iam_backends

from localcloud.aws.call import Call
from localcloud.aws.caller import ANONYMOUS
from localcloud.aws.iam import context
from localcloud.aws.iam.document import Context
from localcloud.aws.oidc import claims, request, token
from localcloud.aws.oidc.identity import Provider, WebIdentity, verify
from localcloud.aws.oidc.request import Request
from localcloud.machine.issuers import local_address

CALL = ("sts", "AssumeRoleWithWebIdentity")
PARTITION = "aws"


@dataclass(frozen=True)
class Presented:
    """A request whose token was verified, and the condition keys by which its role's trust is judged."""

    request: Request
    who: WebIdentity
    keys: Context


presented: ContextVar[Presented] = ContextVar("presented")


def present(call: Call, lock: RLock) -> None:
    """Verify the token. Raises the AwsError that AWS answers to a bad one."""
    asked = request.read(call)

    def provider_of(url: str) -> Provider | None:
        with lock:
            registered = iam_backends[asked.account][PARTITION].open_id_providers.values()
            return next((Provider(one.arn, tuple(one.client_id_list)) for one in registered if _is(one, url)), None)

    who = verify(token.read(asked.token), provider_of)
    keys = {"sts:RoleSessionName": asked.session_name, **claims.of_trust(who)}
    presented.set(Presented(asked, who, context.merged(context.of_call(ANONYMOUS, call), keys)))


def _is(provider: Any, url: str) -> bool:
    """Whether a provider was registered for that issuer, which is written exactly so. Plain HTTP is for loopback."""
    scheme, _, name = url.partition("://")
    return bool(name == provider.url and (scheme == "https" or (scheme == "http" and local_address(url))))
