"""Who makes a call: what the signature has shown, and what policies know of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Caller:
    """The principal of one call.

    `arn` is as in `sts get-caller-identity`: of a user, of an assumed role's session, of the account's root; of a
    service its name (`cloudwatch.amazonaws.com`), empty for somebody who did not sign.
    """

    kind: Literal["root", "user", "role", "service", "anonymous"]
    account: str
    arn: str
    user_id: str
    access_key_id: str | None = None
    role_arn: str | None = None  # of the role whose session it is
    session_policies: tuple[str, ...] = ()  # documents given when the session was made
    session_tags: Mapping[str, str] = field(default_factory=dict)
    transitive_tags: tuple[str, ...] = ()  # keys of those that go on to the next role of a chain
    source_identity: str | None = None
    token_claims: Mapping[str, str] = field(default_factory=dict)  # of a web identity, by their condition keys
    issued: datetime | None = None  # when the session was made


ANONYMOUS = Caller("anonymous", "", "", "")
current: ContextVar[Caller] = ContextVar("caller", default=ANONYMOUS)  # whose call moto carries out in this thread
