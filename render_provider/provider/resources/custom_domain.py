"""A domain of a web service or static site. https://api-docs.render.com/reference/create-custom-domain"""

from __future__ import annotations

import re

from pulumi_plugin.values import Values
from render_api.errors import NotFound, RefusedError, RenderError
from render_provider.provider.resource import Actual, Change, Inputs, Lists, Outputs, Resource
from render_provider.provider.task import Task

TAKEN = re.compile(r"already|in use|taken|another", re.IGNORECASE)
WITH_DOMAINS = frozenset({"web_service", "static_site"})


class CustomDomainInputs(Inputs):
    """A domain, the service that answers it, and the apex or www name that is to redirect to it."""

    service_id: str
    """The web service or static site."""
    name: str
    """The domain that serves."""
    companion: str | None = None
    """The apex or www name beside it. Render adds it, redirecting; named here it is looked after too."""


class CustomDomainOutputs(Outputs):
    """What Render tells of a domain."""

    domain_id: str
    """Render's own id, `cdm-…`."""
    domain_type: str
    """`apex` or `subdomain`."""
    redirect_for_name: str
    """The domain that it redirects to, when it is turned round: the next `up` mends that."""
    verification_status: str
    """`verified` once DNS leads here."""


class CustomDomain(Resource[CustomDomainInputs]):
    """A domain of a web service or static site.

    An apex and its www name are one resource: the one that redirects comes and goes with the one that serves.
    """

    type_ = "render:index:CustomDomain"
    import_id = "srv-…/www.example.com"
    inputs = CustomDomainInputs
    outputs = CustomDomainOutputs
    replace_on = frozenset({"serviceId", "name"})
    renamed_beside = False  # the old one's companion may be the new one's name
    volatile = frozenset({"redirectForName", "verificationStatus"})

    def stale(self, state: Values) -> frozenset[str]:
        return frozenset({"redirectForName"}) if state.get("redirectForName") else frozenset()

    def listed(self, lists: Lists, key: str, state: Values) -> bool:
        service, name = _parts(key)
        return name in {domain["name"] for domain in lists(f"/services/{service}/custom-domains", {}).values()}

    def find(self, task: Task, want: CustomDomainInputs) -> str | None:
        return f"{want.service_id}/{want.name}" if want.name in _all(task, want.service_id) else None

    def create(self, task: Task, want: CustomDomainInputs) -> str:
        _add(task, want.service_id, want.name)
        return f"{want.service_id}/{want.name}"

    def settle(self, task: Task, key: str, want: CustomDomainInputs) -> None:
        if want.companion and want.companion not in _all(task, want.service_id):
            _add(task, want.service_id, want.companion)

    def read(self, task: Task, key: str, known: Values) -> Actual:
        service, name = _parts(key)
        domain = task.client.get(f"/services/{service}/custom-domains/{name}")
        companion = known.get("companion")
        return Actual(
            {
                "serviceId": service,
                "name": domain["name"],
                "companion": companion if companion and companion in _all(task, service) else None,
            },
            {
                "domainId": domain["id"],
                "domainType": domain.get("domainType", ""),
                "redirectForName": domain.get("redirectForName") or "",
                "verificationStatus": domain.get("verificationStatus", "unverified"),
            },
        )

    def update(self, task: Task, key: str, want: CustomDomainInputs, change: Change) -> None:
        """One that redirects to its companion is to serve: Render turns a pair round only when it is made anew."""
        service, name = _parts(key)
        served = _all(task, service).get(name, {}).get("redirectForName")
        if served:
            task.note(f"{name} redirects to {served}: turning the two round")
            _remove(task, service, served)
            if name in _all(task, service):
                task.client.delete(f"/services/{service}/custom-domains/{name}")
            _add(task, service, name)

    def delete(self, task: Task, key: str, state: Values) -> None:
        """One that redirects goes with the one that serves, which is not this one's to remove."""
        service, name = _parts(key)
        try:
            if not _all(task, service).get(name, {}).get("redirectForName"):
                _remove(task, service, name)
        except NotFound:
            return  # the service is gone, and its domains with it


def _add(task: Task, service: str, name: str) -> None:
    try:
        task.client.post(f"/services/{service}/custom-domains", {"name": name})
    except RefusedError as error:
        if not TAKEN.search(error.reason):
            raise
        hint = f"{_owner(task, name)}, then run the same command again"
        raise RefusedError(
            error.what, error.reason, status=error.status, request_id=error.request_id, hint=hint
        ) from error


def _owner(task: Task, name: str) -> str:
    """What to do about a name that Render knows already: of all workspaces' services, ours can be asked."""
    for service in task.client.pages("/services", {"ownerId": task.owner_id}, envelope="service"):
        if service["type"] in WITH_DOMAINS and name in _all(task, service["id"]):
            page = service.get("dashboardUrl") or "https://dashboard.render.com"
            return f"{service['name']} ({service['id']}) has it: remove it there ({page})"
    return "a service of another workspace has it: its owner removes it there, or Render's support does"


def _remove(task: Task, service: str, name: str) -> None:
    """A domain that serves, and the one that redirects to it."""
    task.client.delete(f"/services/{service}/custom-domains/{name}")
    for other, domain in _all(task, service).items():
        if domain.get("redirectForName") == name:
            task.client.delete(f"/services/{service}/custom-domains/{other}")


def _all(task: Task, service: str) -> dict[str, Values]:
    """The service's domains by name."""
    domains = task.client.pages(f"/services/{service}/custom-domains", envelope="customDomain")
    return {domain["name"]: domain for domain in domains}


def _parts(key: str) -> tuple[str, str]:
    service, slash, name = key.partition("/")
    if not slash:
        raise RenderError(
            f"bad id {key}",
            "a custom domain is named by its service and its name",
            hint="pulumi import render:index:CustomDomain NAME srv-…/www.example.com",
        )
    return service, name
