"""One service using one env group. https://api-docs.render.com/reference/link-service-to-env-group"""

from __future__ import annotations

from pulumi_plugin.values import Values
from render_api.errors import NotFound, RefusedError, RenderError
from render_provider.provider.resource import Actual, Change, Inputs, Lists, Resource
from render_provider.provider.task import Task


class EnvGroupLinkInputs(Inputs):
    """Which service uses which group."""

    env_group_id: str
    """The group."""
    service_id: str
    """The service, in the group's environment if the group has one."""


class EnvGroupLink(Resource[EnvGroupLinkInputs]):
    """One service using one env group, from its next deploy on.

    Links that somebody makes elsewhere are left alone.
    """

    type_ = "render:index:EnvGroupLink"
    import_id = "evg-…/srv-…"
    inputs = EnvGroupLinkInputs
    replace_on = frozenset({"envGroupId", "serviceId"})

    def listed(self, lists: Lists, key: str, state: Values) -> bool:
        group, service = _parts(key)
        links = lists("/env-groups").get(group, {}).get("serviceLinks") or []
        return any(link["id"] == service for link in links)

    def create(self, task: Task, want: EnvGroupLinkInputs) -> str:
        path = f"/env-groups/{want.env_group_id}/services/{want.service_id}"
        key = f"{want.env_group_id}/{want.service_id}"
        try:
            task.client.post(path, repeatable=True)
        except RefusedError as error:
            if isinstance(error, NotFound) or not self._linked(task, key):
                raise
        return key

    def read(self, task: Task, key: str, known: Values) -> Actual:
        group, service = _parts(key)
        if not self._linked(task, key):
            raise NotFound(f"env group link {key}", "not linked", status=404)
        return Actual({"envGroupId": group, "serviceId": service})

    def update(self, task: Task, key: str, want: EnvGroupLinkInputs, change: Change) -> None:
        if not self._linked(task, key):
            self.create(task, want)

    def delete(self, task: Task, key: str, state: Values) -> None:
        group, service = _parts(key)
        task.client.delete(f"/env-groups/{group}/services/{service}")

    def _linked(self, task: Task, key: str) -> bool:
        group, service = _parts(key)
        links = task.client.get(f"/env-groups/{group}").get("serviceLinks") or []
        return any(link["id"] == service for link in links)


def _parts(key: str) -> tuple[str, str]:
    group, slash, service = key.partition("/")
    if not slash:
        raise RenderError(
            f"bad id {key}",
            "an env group link is named by both ends",
            hint="pulumi import render:index:EnvGroupLink NAME evg-…/srv-…",
        )
    return group, service
