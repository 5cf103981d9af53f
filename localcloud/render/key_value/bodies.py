"""Key Value stores as Render writes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import Field

from localcloud.render.api.fields import Body, Cidr, Many, Region
from localcloud.render.api.ids import micros
from localcloud.render.api.ip_allow_list import allow_list_body
from localcloud.render.key_value.model import KeyValue, Persistence, Plan, Policy
from localcloud.render.owners.bodies import owner_body
from localcloud.render.owners.model import Owner


class KeyValueChange(Body):
    """PATCH /key-value/{id}"""

    name: str | None = Field(default=None, min_length=1)
    plan: Plan | None = None
    maxmemory_policy: Policy | None = None
    persistence_mode: Persistence | None = None
    ip_allow_list: Many[Cidr] | None = None


class KeyValueCreate(KeyValueChange):
    """POST /key-value"""

    name: str = Field(min_length=1)
    owner_id: str
    plan: Plan
    region: Region = "oregon"
    environment_id: str | None = None


def created_body(store: KeyValue, owner: Owner) -> dict[str, Any]:
    """A store as the reply to its creation shows it: with nanoseconds."""
    return _body(store, owner, str)


def key_value_body(store: KeyValue, owner: Owner) -> dict[str, Any]:
    """A store as it is read."""
    return _body(store, owner, micros)


def connection_body(url: str) -> dict[str, str]:
    """How one connects: inside and outside are the same address here."""
    return {
        "internalConnectionString": url,
        "externalConnectionString": url,
        "cliCommand": f" valkey-cli -u {url}",
    }


def _body(store: KeyValue, owner: Owner, moment: Callable[[str], str]) -> dict[str, Any]:
    return {
        "id": store.id,
        "name": store.name,
        "status": store.status,
        "plan": store.plan,
        "region": store.region,
        "version": store.version,
        "ipAllowList": allow_list_body(store.ip_allow_list),
        "options": {"maxmemoryPolicy": store.maxmemory_policy, "persistenceMode": store.persistence_mode},
        "createdAt": moment(store.created_at),
        "updatedAt": moment(store.updated_at),
        **({"environmentId": store.environment_id} if store.environment_id else {}),
        "owner": owner_body(owner),
    }
