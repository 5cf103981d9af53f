"""Files behind Render's CDN. https://api-docs.render.com/reference/create-service"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from render_provider.provider.placement import Cidr, open_to, same_ranges
from render_provider.provider.resource import Change, Found, Inputs, Values
from render_provider.provider.services import Service, ServiceInputs
from render_provider.provider.task import Task


class Header(Inputs):
    """A response header for a path."""

    path: str
    name: str
    value: str


class Route(Inputs):
    """A redirect or rewrite; earlier ones win."""

    type: Literal["redirect", "rewrite"]
    source: str
    destination: str


class StaticSiteInputs(ServiceInputs):
    """`ipAllowList` is for Enterprise workspaces only: leave it unset elsewhere."""

    repo: str
    build_command: str | None = None
    publish_path: str | None = None
    headers: list[Header] | None = None
    routes: list[Route] | None = None
    render_subdomain_policy: Literal["enabled", "disabled"] | None = None
    ip_allow_list: list[Cidr] | None = None


class StaticSite(Service[StaticSiteInputs]):
    """Its first deploy starts at once and is not waited for: a `Deploy` does that."""

    type_ = "render:index:StaticSite"
    service_type = "static_site"
    inputs = StaticSiteInputs
    outputs: ClassVar[tuple[str, ...]] = (*Service.outputs, "url")
    details: ClassVar[tuple[str, ...]] = (
        "buildCommand",
        "publishPath",
        "headers",
        "routes",
        "renderSubdomainPolicy",
        "ipAllowList",
    )
    fixed = frozenset({"headers", "routes"})
    resets: ClassVar[Mapping[str, Any]] = {**Service.resets, "headers": [], "routes": []}
    release = Service.release | {"buildCommand", "publishPath"}

    def same(self, name: str, one: Any, other: Any) -> bool:
        if name == "headers":
            return sorted(map(_header, one or [])) == sorted(map(_header, other or []))
        if name == "routes":
            return list(map(_route, one or [])) == list(map(_route, other or []))
        if name == "ipAllowList":
            return same_ranges(one, other)
        return super().same(name, one, other)

    def read(self, task: Task, key: str, known: Values) -> Found:
        found = super().read(task, key, known)
        routes = list(task.client.pages(f"/services/{key}/routes", envelope="route"))
        routes.sort(key=lambda route: route.get("priority", 0))
        headers = task.client.pages(f"/services/{key}/headers", envelope="header")
        found.inputs["routes"] = [{name: route[name] for name in Route.model_fields} for route in routes]
        found.inputs["headers"] = [{name: header[name] for name in Header.model_fields} for header in headers]
        return found

    def settings(self, found: Values, details: Values) -> Values:
        inputs = super().settings(found, details)
        if details.get("ipAllowList"):
            inputs["ipAllowList"] = open_to(details["ipAllowList"])
        return inputs

    def update(self, task: Task, key: str, want: StaticSiteInputs, change: Change) -> None:
        super().update(task, key, want, change)
        for name in sorted(change.changed & self.fixed):
            task.client.put(f"/services/{key}/{name}", want.given()[name])


def _header(header: Values) -> tuple[str, str, str]:
    return header["path"], header["name"], header["value"]


def _route(route: Values) -> tuple[str, str, str]:
    return route["type"], route["source"], route["destination"]
