"""How env groups and their links come, change and go. None of it deploys anything."""

from __future__ import annotations

from localcloud.render.api import ids
from localcloud.render.api.errors import ApiError
from localcloud.render.env_groups.bodies import GroupCreate
from localcloud.render.env_groups.model import EnvGroup, EnvGroupLink
from localcloud.render.env_vars.bodies import env_vars, find_env_var
from localcloud.render.env_vars.model import EnvVar
from localcloud.render.local_render import LocalRender
from localcloud.render.secret_files.bodies import find_secret_file, secret_files
from localcloud.render.secret_files.model import SecretFile
from localcloud.render.services.model import Service


def create(render: LocalRender, want: GroupCreate) -> EnvGroup:
    """A group with its first links."""
    stamp = ids.now()
    group = EnvGroup(
        id=ids.new("evg"),
        name=want.name,
        owner_id=want.owner_id,
        environment_id=want.environment_id or None,
        created_at=stamp,
        updated_at=stamp,
        env_vars=env_vars(want.env_vars)[::-1],
        secret_files=secret_files(want.secret_files)[::-1],
    )
    services = [_linkable(render, group, key) for key in dict.fromkeys(want.service_ids)]
    render.store.put(group)
    for service in services:
        render.store.put(_link(group, service))
    return group


async def remove(render: LocalRender, group: EnvGroup) -> None:
    """Delete a group and its links."""
    for link in render.store.all(EnvGroupLink, lambda link: link.group_id == group.id):
        render.store.remove(link)
    render.store.remove(group)


def linked_services(render: LocalRender, group: EnvGroup) -> list[Service]:
    """The services that a group is linked to, older link first."""
    links = render.store.all(EnvGroupLink, lambda link: link.group_id == group.id)
    return [render.store.find(Service, link.service_id) for link in links]


def link(render: LocalRender, group: EnvGroup, service: Service) -> None:
    """Link a service; twice changes nothing."""
    render.store.put(_link(group, _linkable(render, group, service.id)))


def unlink(render: LocalRender, group: EnvGroup, service: Service) -> None:
    """Take a link away; one that is not there is fine."""
    render.store.remove(_link(group, service))


def put_env_var(render: LocalRender, group: EnvGroup, variable: EnvVar) -> EnvGroup:
    """Change a variable in its place, or add it in front."""
    known = any(item.key == variable.key for item in group.env_vars)
    replaced = tuple(variable if item.key == variable.key else item for item in group.env_vars)
    variables = replaced if known else (variable, *group.env_vars)
    return render.store.change(group, env_vars=variables, updated_at=ids.now())


def remove_env_var(render: LocalRender, group: EnvGroup, key: str) -> None:
    """Take a variable away; 404 when there is none."""
    variable = find_env_var(group.env_vars, key)
    left = tuple(item for item in group.env_vars if item is not variable)
    render.store.change(group, env_vars=left, updated_at=ids.now())


def put_secret_file(render: LocalRender, group: EnvGroup, file: SecretFile) -> EnvGroup:
    """Change a file in its place, or add it in front."""
    known = any(item.name == file.name for item in group.secret_files)
    replaced = tuple(file if item.name == file.name else item for item in group.secret_files)
    files = replaced if known else (file, *group.secret_files)
    return render.store.change(group, secret_files=files, updated_at=ids.now())


def remove_secret_file(render: LocalRender, group: EnvGroup, name: str) -> None:
    """Take a file away; 404 when there is none."""
    file = find_secret_file(group.secret_files, name)
    left = tuple(item for item in group.secret_files if item is not file)
    render.store.change(group, secret_files=left, updated_at=ids.now())


def _link(group: EnvGroup, service: Service) -> EnvGroupLink:
    return EnvGroupLink(id=f"{group.id}:{service.id}", group_id=group.id, service_id=service.id)


def _linkable(render: LocalRender, group: EnvGroup, service_id: str) -> Service:
    service = render.store.get(Service, service_id)
    if service is None:
        raise ApiError(400, f"serviceIds: no service {service_id}")
    if group.environment_id and service.environment_id != group.environment_id:
        inside = f"env group {group.id} belongs to environment {group.environment_id}"
        raise ApiError(400, f"{inside}, service {service.id} does not")
    return service
