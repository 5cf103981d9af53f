"""Variables and files that several services share."""

from __future__ import annotations

from typing import ClassVar

from localcloud.render.api.store import Record, Store
from localcloud.render.env_vars.model import EnvVar
from localcloud.render.environments.model import Member
from localcloud.render.secret_files.model import SecretFile


class EnvGroup(Member):
    """Its variables and files, newest first."""

    kind: ClassVar = "env_group"

    name: str
    owner_id: str
    created_at: str
    env_vars: tuple[EnvVar, ...]
    secret_files: tuple[SecretFile, ...]


class EnvGroupLink(Record):
    """That a service gets what a group has."""

    kind: ClassVar = "env_group_link"

    group_id: str
    service_id: str


def links_of(store: Store, service_id: str) -> list[EnvGroupLink]:
    """The links of a service, oldest first."""
    return store.all(EnvGroupLink, lambda link: link.service_id == service_id)


def groups_of(store: Store, service_id: str) -> list[EnvGroup]:
    """The groups linked to a service, older link first."""
    return [store.find(EnvGroup, link.group_id) for link in links_of(store, service_id)]
