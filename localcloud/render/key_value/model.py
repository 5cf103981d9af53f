"""A Key Value store."""

from __future__ import annotations

from typing import ClassVar, Literal

from localcloud.render.api.fields import Region
from localcloud.render.api.ip_allow_list import AllowedRange
from localcloud.render.environments.model import Member
from localcloud.render.runtime.values import KeyValueSettings

Policy = Literal[
    "noeviction",
    "allkeys_lru",
    "allkeys_lfu",
    "allkeys_random",
    "volatile_lru",
    "volatile_lfu",
    "volatile_random",
    "volatile_ttl",
]
Plan = Literal["free", "starter", "standard", "pro", "pro_plus", "custom"]
Persistence = Literal["journal_snapshot", "snapshot", "off"]
Status = Literal["unknown", "creating", "available", "unavailable", "suspended"]


class KeyValue(Member):
    """A store as it should run."""

    kind: ClassVar = "key_value"

    name: str
    status: Status
    plan: Plan
    region: Region
    version: str
    ip_allow_list: tuple[AllowedRange, ...]
    maxmemory_policy: Policy
    persistence_mode: Persistence
    suspended: bool = False
    created_at: str

    @property
    def settings(self) -> KeyValueSettings:
        """What the runtime is told about it."""
        return KeyValueSettings(self.id, self.maxmemory_policy, self.persistence_mode != "off")
