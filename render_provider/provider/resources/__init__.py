"""Every resource and function there is. A new one is one file and one line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from render_provider.provider.resource import Resource, Values
from render_provider.provider.resources.background_worker import BackgroundWorker
from render_provider.provider.resources.cron_job import CronJob
from render_provider.provider.resources.custom_domain import CustomDomain
from render_provider.provider.resources.deploy import Deploy
from render_provider.provider.resources.env_group import EnvGroup
from render_provider.provider.resources.env_group_link import EnvGroupLink
from render_provider.provider.resources.environment import Environment
from render_provider.provider.resources.key_value import KeyValue
from render_provider.provider.resources.postgres import Postgres
from render_provider.provider.resources.project import get_project
from render_provider.provider.resources.registry_credential import RegistryCredential
from render_provider.provider.resources.static_site import StaticSite
from render_provider.provider.resources.web_service import WebService
from render_provider.provider.task import Task

RESOURCES: dict[str, Resource[Any]] = {
    resource.type_: resource
    for resource in (
        BackgroundWorker(),
        CronJob(),
        CustomDomain(),
        Deploy(),
        EnvGroup(),
        EnvGroupLink(),
        Environment(),
        KeyValue(),
        Postgres(),
        RegistryCredential(),
        StaticSite(),
        WebService(),
    )
}

FUNCTIONS: dict[str, Callable[[Task, Values], Values]] = {"render:index:getProject": get_project}
