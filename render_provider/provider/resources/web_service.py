"""A service that answers HTTP. https://api-docs.render.com/reference/create-service"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pulumi_plugin.values import Values
from render_provider.provider.placement import Cidr, open_to, same_ranges
from render_provider.provider.resource import Change, Inputs
from render_provider.provider.running import ScaledInputs, ScaledService
from render_provider.provider.service_properties import AddressedOutputs
from render_provider.provider.task import Task


class MaintenanceMode(Inputs):
    """A page in place of the service."""

    enabled: bool | None = None
    """Whether it is shown; when unset that is for others to say, and left as it is."""
    uri: str = ""
    """Where the page is; Render's own when empty."""


class WebServiceInputs(ScaledInputs):
    """A service that answers HTTP."""

    health_check_path: str | None = None
    """What has to answer before an instance gets requests; the open port counts when unset."""
    maintenance_mode: MaintenanceMode | None = None
    """A page in place of the service; not on free services."""
    render_subdomain_policy: Literal["enabled", "disabled"] | None = None
    """Whether the address at onrender.com answers, beside domains of one's own."""
    ip_allow_list: list[Cidr] | None = None
    """Who may reach it. For Enterprise workspaces only: leave it unset elsewhere."""


class WebService(ScaledService[WebServiceInputs]):
    """A service that answers HTTP at `url`. It runs what its `Deploy` waited for.

    Its first deploy starts at once and is not waited for: a `Deploy` does that. Changing it starts none.
    """

    type_ = "render:index:WebService"
    service_type = "web_service"
    import_id = "srv-…"
    inputs = WebServiceInputs
    outputs = AddressedOutputs
    details: ClassVar[tuple[str, ...]] = (
        *ScaledService.details,
        *("healthCheckPath", "maintenanceMode", "renderSubdomainPolicy", "ipAllowList"),
    )
    resets: ClassVar[Mapping[str, Any]] = {
        **ScaledService.resets,
        "healthCheckPath": "",
        "maintenanceMode": {"enabled": False, "uri": ""},
        "ipAllowList": [{"cidrBlock": "0.0.0.0/0", "description": "everywhere"}],
    }
    release = ScaledService.release | {"healthCheckPath"}

    def same(self, name: str, one: Any, other: Any) -> bool:
        if name == "maintenanceMode":  # free services have none at all
            return _same_mode(one, other)
        if name == "ipAllowList":
            return same_ranges(one, other)
        return super().same(name, one, other)

    def create(self, task: Task, want: WebServiceInputs) -> str:
        return super().create(task, _whole(want, enabled=False))

    def update(self, task: Task, key: str, want: WebServiceInputs, change: Change) -> None:
        now = change.actual.get("maintenanceMode") or {}
        super().update(task, key, _whole(want, enabled=bool(now.get("enabled"))), change)

    def settings(self, service: Values, details: Values) -> Values:
        inputs = super().settings(service, details)
        if details.get("ipAllowList"):
            inputs["ipAllowList"] = open_to(details["ipAllowList"])
        return inputs


def _whole(want: WebServiceInputs, *, enabled: bool) -> WebServiceInputs:
    """Render takes no page without being told whether it is shown."""
    mode = want.maintenance_mode
    if mode is None or mode.enabled is not None:
        return want
    return want.model_copy(update={"maintenance_mode": mode.model_copy(update={"enabled": enabled})})


def _same_mode(one: Values | None, other: Values | None) -> bool:
    one, other = one or {"enabled": False}, other or {"enabled": False}
    alike = (one.get("uri") or "") == (other.get("uri") or "")
    declared = one.get("enabled") is not None and other.get("enabled") is not None
    return alike and (not declared or bool(one["enabled"]) == bool(other["enabled"]))
