"""A service that answers HTTP. https://api-docs.render.com/reference/create-service"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from render_provider.provider.placement import Cidr, open_to, same_ranges
from render_provider.provider.resource import Inputs, Values
from render_provider.provider.running import ScaledInputs, ScaledService


class MaintenanceMode(Inputs):
    """A page in place of the service; an empty uri is Render's own."""

    enabled: bool
    uri: str = ""


class WebServiceInputs(ScaledInputs):
    """`ipAllowList` is for Enterprise workspaces only: leave it unset elsewhere."""

    health_check_path: str | None = None
    maintenance_mode: MaintenanceMode | None = None
    render_subdomain_policy: Literal["enabled", "disabled"] | None = None
    ip_allow_list: list[Cidr] | None = None


class WebService(ScaledService[WebServiceInputs]):
    """Its first deploy starts at once and is not waited for: a `Deploy` does that."""

    type_ = "render:index:WebService"
    service_type = "web_service"
    inputs = WebServiceInputs
    outputs: ClassVar[tuple[str, ...]] = (*ScaledService.outputs, "url")
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
            return _mode(one) == _mode(other)
        if name == "ipAllowList":
            return same_ranges(one, other)
        return super().same(name, one, other)

    def settings(self, found: Values, details: Values) -> Values:
        inputs = super().settings(found, details)
        if details.get("ipAllowList"):
            inputs["ipAllowList"] = open_to(details["ipAllowList"])
        return inputs


def _mode(mode: Values | None) -> tuple[bool, str]:
    mode = mode or {}
    return bool(mode.get("enabled")), mode.get("uri") or ""
