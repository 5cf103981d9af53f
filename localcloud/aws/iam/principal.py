"""Who a statement speaks of: the names of a caller, and how closely a policy names him."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from localcloud.aws.caller import Caller

_ACCOUNT = re.compile(r"(?:arn:aws[a-z-]*:iam::)?(\d{12})(?::root)?")


class Naming(IntEnum):
    """How closely a policy names a principal; it decides which other policies may still stand in the way."""

    NOT = 0
    BY_ACCOUNT = 1  # leaves the rest to the account's own policies
    BY_ROLE = 2  # a session of the role is bound by boundary and session policies
    DIRECTLY = 3


@dataclass(frozen=True)
class Principal:
    """The names under which a policy may know a caller."""

    kind: Literal["root", "user", "role", "service", "federated", "anonymous"]
    account: str
    name: str  # as `Principal` writes it: an ARN, a service, a provider
    also: frozenset[str] = frozenset()  # its unique id
    role: frozenset[str] = frozenset()  # of a session: its role's ARN and unique id

    @classmethod
    def of(cls, caller: Caller) -> Principal:
        """The principal that makes a call."""
        ids = caller.user_id.partition(":")
        also = frozenset({caller.user_id} - {"", caller.account})
        role = frozenset({caller.role_arn, ids[0]}) if caller.kind == "role" and caller.role_arn else frozenset()
        return cls(caller.kind, caller.account, caller.arn, also, role)

    @classmethod
    def federated(cls, provider: str, account: str) -> Principal:
        """Who shows a token of an identity provider, which is named by its ARN."""
        return cls("federated", account, provider)

    def named(self, principals: Mapping[str, Sequence[str]]) -> Naming:
        """How closely a `Principal` element names him."""
        return max((self._by(kind, name) for kind, names in principals.items() for name in names), default=Naming.NOT)

    def excepted(self, principals: Mapping[str, Sequence[str]]) -> bool:
        """Whether a `NotPrincipal` element leaves him out: only if each of his names, his account too, is in it.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
        """
        if self.kind in ("service", "federated", "anonymous"):
            return self.named(principals) is not Naming.NOT
        listed = set(principals.get("AWS", ()))
        accounts = {match[1] for name in listed if (match := _ACCOUNT.fullmatch(name))}
        roles = {name for name in self.role if name.startswith("arn:")}
        return self.account in accounts and (self.kind == "root" or ({self.name} | roles) <= listed)

    def _by(self, kind: str, name: str) -> Naming:
        if kind in ("Service", "Federated"):
            return Naming.DIRECTLY if self.kind == kind.lower() and name in (self.name, "*") else Naming.NOT
        if kind != "AWS" or self.kind == "federated":
            return Naming.NOT
        if name in ("*", self.name) or name in self.also:
            return Naming.DIRECTLY
        if name in self.role:
            return Naming.BY_ROLE
        account = _ACCOUNT.fullmatch(name)
        if account and account[1] == self.account and self.kind in ("root", "user", "role"):
            return Naming.DIRECTLY if self.kind == "root" else Naming.BY_ACCOUNT
        return Naming.NOT
