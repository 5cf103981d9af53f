"""The one object that every route is given: the local Render itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from starlette.requests import Request

from localcloud.machine.faults import Fault, Faults
from localcloud.machine.identity import Identity
from localcloud.render.api.errors import ApiError
from localcloud.render.api.limits import Limits
from localcloud.render.api.store import Record, Store
from localcloud.render.deploys.deployer import Deployer
from localcloud.render.owners.model import Owner
from localcloud.render.runtime.protocols import Runtime
from localcloud.render.tasks import Tasks

Kind = TypeVar("Kind", bound=Record)


@dataclass
class LocalRender:
    """The store, the runtime behind it, and what runs in the background."""

    store: Store
    runtime: Runtime
    identity: Identity
    tasks: Tasks = field(default_factory=Tasks)
    faults: Faults[Fault] = field(default_factory=Faults)
    limits: Limits = field(default_factory=Limits)
    ready: bool = False
    broken: str = ""

    def __post_init__(self) -> None:
        self.deployer = Deployer(self.store, self.runtime, self.tasks)

    @property
    def owner(self) -> Owner:
        """The only workspace."""
        return Owner(id=self.identity.render_owner_id)

    def check_owner(self, owner_id: str) -> None:
        """Refuse a workspace that is not ours."""
        if owner_id != self.owner.id:
            raise ApiError(400, f"ownerId: no workspace {owner_id}; the local cloud's is {self.owner.id}")


def render_of(request: Request) -> LocalRender:
    """The local Render that the application serves."""
    render: LocalRender = request.app.state.render
    return render


def record_of(request: Request, kind: type[Kind]) -> Kind:
    """The record that the address names as `{id}`; 404 when there is none."""
    return render_of(request).store.find(kind, request.path_params["id"])
