"""Files behind Render's CDN. https://api-docs.render.com/reference/create-service"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pulumi_plugin.values import Values
from render_provider.provider.placement import Cidr, open_to, same_ranges
from render_provider.provider.resource import Actual, Change, Inputs
from render_provider.provider.service_properties import AddressedOutputs, ServiceInputs
from render_provider.provider.services import Service
from render_provider.provider.task import Task


class Header(Inputs):
    """A response header for a path."""

    path: str
    """A path, where `*` stands for anything."""
    name: str
    """The header's name."""
    value: str
    """Its value."""


class Route(Inputs):
    """A redirect or rewrite; earlier ones win."""

    type: Literal["redirect", "rewrite"]
    """Whether the browser is sent there, or is shown what is there."""
    source: str
    """A path, where `*` stands for anything."""
    destination: str
    """A path or a whole address."""


class StaticSiteInputs(ServiceInputs):
    """Files behind Render's CDN; it needs a `repo`."""

    repo: str
    """The repository's URL, without the branch."""
    build_command: str | None = None
    """What makes the files."""
    publish_path: str | None = None
    """Where it puts them; Render's default is `public`."""
    headers: list[Header] | None = None
    """Response headers by path; their order has no meaning."""
    routes: list[Route] | None = None
    """Redirects and rewrites; earlier ones win."""
    render_subdomain_policy: Literal["enabled", "disabled"] | None = None
    """Whether the address at onrender.com answers, beside domains of one's own."""
    ip_allow_list: list[Cidr] | None = None
    """Who may reach it. For Enterprise workspaces only: leave it unset elsewhere."""


class StaticSite(Service[StaticSiteInputs]):
    """Files behind Render's CDN, at `url`.

    Its first deploy starts at once and is not waited for: a `Deploy` does that. Changing it starts none.
    """

    type_ = "render:index:StaticSite"
    service_type = "static_site"
    import_id = "srv-…"
    inputs = StaticSiteInputs
    outputs = AddressedOutputs
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

    def read(self, task: Task, key: str, known: Values) -> Actual:
        actual = super().read(task, key, known)
        routes = list(task.client.pages(f"/services/{key}/routes", envelope="route"))
        routes.sort(key=lambda route: route.get("priority", 0))
        headers = task.client.pages(f"/services/{key}/headers", envelope="header")
        actual.inputs["routes"] = [{name: route[name] for name in Route.model_fields} for route in routes]
        actual.inputs["headers"] = [{name: header[name] for name in Header.model_fields} for header in headers]
        return actual

    def settings(self, service: Values, details: Values) -> Values:
        inputs = super().settings(service, details)
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
