"""A domain of a web service or static site. https://api-docs.render.com/reference/create-custom-domain"""

from __future__ import annotations

from typing import ClassVar

from render_api.errors import NotFound, RenderError
from render_provider.provider.resource import Change, Found, Inputs, Lists, Resource, Values
from render_provider.provider.task import Task


class CustomDomainInputs(Inputs):
    """For an apex or www domain Render adds the other one by itself, redirecting; that one is not ours."""

    service_id: str
    name: str


class CustomDomain(Resource[CustomDomainInputs]):
    """Its id is `srv-…/www.example.com`. A domain cannot be renamed."""

    token = "render:index:CustomDomain"  # noqa: S105 - a Pulumi type token, no secret
    inputs = CustomDomainInputs
    outputs: ClassVar[tuple[str, ...]] = ("domainId", "domainType", "redirectForName", "verificationStatus")
    replace_on = frozenset({"serviceId", "name"})
    volatile = frozenset({"verificationStatus"})

    def listed(self, lists: Lists, key: str, state: Values) -> bool:
        service, name = _parts(key)
        return name in {found["name"] for found in lists(f"/services/{service}/custom-domains", {}).values()}

    def find(self, task: Task, want: CustomDomainInputs) -> str | None:
        names = [found["name"] for found in _all(task, want.service_id)]
        return f"{want.service_id}/{want.name}" if want.name in names else None

    def create(self, task: Task, want: CustomDomainInputs) -> str:
        task.client.post(f"/services/{want.service_id}/custom-domains", {"name": want.name})
        return f"{want.service_id}/{want.name}"

    def read(self, task: Task, key: str, known: Values) -> Found:
        service, name = _parts(key)
        found = task.client.get(f"/services/{service}/custom-domains/{name}")
        return Found(
            {"serviceId": service, "name": found["name"]},
            {
                "domainId": found["id"],
                "domainType": found.get("domainType", ""),
                "redirectForName": found.get("redirectForName") or "",
                "verificationStatus": found.get("verificationStatus", "unverified"),
            },
        )

    def update(self, task: Task, key: str, want: CustomDomainInputs, change: Change) -> None:
        """There is nothing about a domain that can change in place."""

    def delete(self, task: Task, key: str, state: Values) -> None:
        service, name = _parts(key)
        task.client.delete(f"/services/{service}/custom-domains/{name}")
        try:
            left = [found["name"] for found in _all(task, service) if found.get("redirectForName") == name]
        except NotFound:
            return  # the service is gone, and its domains with it
        for companion in left:
            task.client.delete(f"/services/{service}/custom-domains/{companion}")


def _all(task: Task, service: str) -> list[Values]:
    return list(task.client.pages(f"/services/{service}/custom-domains", envelope="customDomain"))


def _parts(key: str) -> tuple[str, str]:
    service, slash, name = key.partition("/")
    if not slash:
        raise RenderError(
            f"bad id {key}",
            "a custom domain is named by its service and its name",
            hint="pulumi import render:index:CustomDomain NAME srv-…/www.example.com",
        )
    return service, name
