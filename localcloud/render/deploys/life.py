"""How deploys are asked for: with which commit or image."""

from __future__ import annotations

from localcloud.render.api.errors import ApiError
from localcloud.render.deploys.bodies import DeployCreate
from localcloud.render.deploys.commits import find_commit, head_commit
from localcloud.render.deploys.images import image_of
from localcloud.render.deploys.model import Commit, Deploy, new_deploy
from localcloud.render.local_render import LocalRender
from localcloud.render.services.model import Service


async def prepare(render: LocalRender, service: Service, want: DeployCreate) -> Deploy:
    """A deploy of a service's branch or image, or of the commit, tag or digest that is named."""
    if service.suspended:
        raise ApiError(400, "cannot deploy suspended service")
    commit = await _commit(render, service, want.commit_id)
    return new_deploy(service, "api", commit=commit, image=_image(service, want.image_url))


def prepare_rollback(service: Service, old: Deploy) -> Deploy:
    """A deploy of an older release; the service itself stays as it is. https://render.com/docs/rollbacks"""
    if old.status not in {"live", "deactivated"}:
        raise ApiError(400, f"cannot roll back to {old.id}: it is {old.status} and never was live")
    deploy = new_deploy(service, "rollback", commit=old.commit, image=None)
    return deploy.model_copy(update={"image": old.image, "rollback_to": old.id})


async def _commit(render: LocalRender, service: Service, commit_id: str | None) -> Commit | None:
    if commit_id is None:
        return await head_commit(render.runtime.releases, service)
    if not service.repo:
        raise ApiError(400, "commitId: is not for image-backed services")
    if service.type == "cron_job":
        raise ApiError(400, "commitId: is not supported for cron jobs")
    return await find_commit(render.runtime.releases, commit_id)


def _image(service: Service, image_url: str | None) -> str | None:
    if image_url is None:
        return service.image
    if service.image is None:
        raise ApiError(400, "imageUrl: is for image-backed services only")
    asked = image_of(image_url)
    if asked.name != image_of(service.image).name:
        raise ApiError(400, "only the image tag or digest can be updated when creating a deploy")
    return str(asked)
