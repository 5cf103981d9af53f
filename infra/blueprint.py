"""The same stack files as Render's own Blueprint, for those who run an environment without Pulumi and AWS.

A Blueprint cannot name the digest that a release record holds, so all its services are built from the
tracked branch; what lives at AWS has no place in it (docs/adr/0006).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from infra import hosts, ops_jobs
from infra.config import Stack
from infra.yaml_scalars import is_text

HEAD = """\
# Made from Pulumi.<stack>.yaml by `./slipway blueprint`: change those, not this.
"""


def render_yaml(stacks: Sequence[Stack]) -> str:
    """The text of render.yaml."""
    environments = [_environment(stack) for stack in stacks]
    content = {"version": "1", "projects": [{"name": stacks[0].names.project, "environments": environments}]}
    return HEAD + yaml.dump(content, sort_keys=False, width=100, Dumper=_Plain)


class _Plain(yaml.SafeDumper):
    """Without anchors: Render's reader need not know them."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_str(self, data: str) -> yaml.ScalarNode:
        """In quotes what a later YAML than this library's would read as a number, such as `1e10`."""
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=None if is_text(data) else "'")


_Plain.add_representer(str, _Plain.represent_str)


def _environment(stack: Stack) -> dict[str, Any]:
    return {
        "name": stack.environment,
        "networking": {"isolation": "enabled"},
        "permissions": {"protection": "enabled" if stack.is_prod else "disabled"},
        "databases": [_database(stack)],
        "envVarGroups": [_group(stack)],
        "services": [
            _cache(stack),
            _maintenance(stack),
            _web(stack),
            _worker(stack),
            *_jobs(stack),
            *_backup_jobs(stack),
        ],
    }


def _database(stack: Stack) -> dict[str, Any]:
    settings, names = stack.database, stack.names
    return {
        "name": names.database,
        "databaseName": names.database_user,
        "user": names.database_user,
        "region": stack.region,
        "plan": settings.plan.replace("_", "-"),
        "postgresMajorVersion": settings.version,
        "diskSizeGB": settings.disk_gb,
        **_optional("storageAutoscalingEnabled", settings.enable_disk_autoscaling),
        "highAvailability": {"enabled": settings.high_availability},
        "ipAllowList": [
            {"source": allowed.cidr, "description": allowed.description} for allowed in settings.ip_allow_list
        ],
        "readReplicas": [{"name": names.replica(number + 1)} for number in range(settings.read_replicas)],
    }


def _optional(name: str, value: bool | None) -> dict[str, Any]:
    """A setting that is left to Render where the stack file does not make it."""
    return {} if value is None else {name: value}


def _group(stack: Stack) -> dict[str, Any]:
    known = {**stack.plain_variables, **_declared_addresses(stack)}
    plain = [{"key": key, "value": value} for key, value in known.items()]
    generated = [{"key": key, "generateValue": True} for key in stack.application.generated]
    return {"name": stack.names.env_group, "envVars": [*plain, *generated]}


def _cache(stack: Stack) -> dict[str, Any]:
    return {
        "type": "keyvalue",
        "name": stack.names.cache,
        "region": stack.region,
        "plan": _plan(stack.cache.plan),
        "maxmemoryPolicy": stack.cache.eviction.replace("_", "-"),
        "ipAllowList": [],
    }


def _web(stack: Stack) -> dict[str, Any]:
    return {
        "type": "web",
        "name": stack.names.web,
        **_built(stack),
        "plan": _plan(stack.web.plan),
        "numInstances": stack.web.instances,
        "healthCheckPath": stack.application.health,
        "preDeployCommand": stack.application.migrate,
        **_domains(stack.domains.web),
        "envVars": [*_connections(stack), *_storage_keys()],
    }


def _maintenance(stack: Stack) -> dict[str, Any]:
    """The page; whoever puts it up gives its address in the dashboard."""
    told = [{"key": key, "value": value} for key, value in stack.maintenance.variables.items()]
    return {
        "type": "web",
        "name": stack.names.maintenance_site,
        "runtime": "static",
        "repo": stack.github.url,
        "branch": stack.branch,
        "rootDir": stack.application.maintenance,
        "autoDeployTrigger": stack.auto_deploy,
        "buildCommand": stack.application.maintenance_build,
        "staticPublishPath": "./public",
        **({"envVars": told} if told else {}),
    }


def _worker(stack: Stack) -> dict[str, Any]:
    return {
        "type": "worker",
        "name": stack.names.worker,
        **_built(stack),
        "plan": _plan(stack.worker.plan),
        "numInstances": stack.worker.instances,
        "dockerCommand": stack.application.worker,
        "envVars": [*_connections(stack), *_host(stack), *_storage_keys()],
    }


def _jobs(stack: Stack) -> list[dict[str, Any]]:
    return [
        {
            "type": "cron",
            "name": stack.names.job(command),
            **_built(stack),
            "plan": _plan(stack.jobs.plan),
            "schedule": schedule,
            "dockerCommand": f"{stack.application.job} {command}",
            "envVars": [*_connections(stack), *_host(stack)],
        }
        for command, schedule in stack.schedules.items()
    ]


def _backup_jobs(stack: Stack) -> list[dict[str, Any]]:
    """Whose keys of AWS they use, and for whom they seal, is asked for: there is no vault without Pulumi."""
    return [
        {
            "type": "cron",
            "name": stack.names.job(job),
            "runtime": "docker",
            "region": stack.region,
            "repo": stack.github.url,
            "branch": stack.branch,
            "dockerfilePath": ops_jobs.DOCKERFILE,
            "autoDeployTrigger": stack.auto_deploy,
            "plan": _plan(stack.jobs.plan),
            "schedule": schedule,
            "dockerCommand": ops_jobs.command(stack, job),
            "envVars": [
                *({"key": key, "value": value} for key, value in stack.job_variables(job).items()),
                {
                    "key": "DATABASE_URL",
                    "fromDatabase": {"name": stack.names.database, "property": "connectionString"},
                },
                {"key": "BACKUP_RECIPIENTS", "sync": False},
                *_storage_keys(),
            ],
        }
        for job, schedule in stack.backup_schedules.items()
    ]


def _domains(declared: Sequence[str]) -> dict[str, Any]:
    """Render adds the names that redirect to them."""
    return {"domains": list(hosts.serving(declared))} if declared else {}


def _built(stack: Stack) -> dict[str, Any]:
    return {
        "runtime": "docker",
        "region": stack.region,
        "repo": stack.github.url,
        "branch": stack.branch,
        "rootDir": stack.application.root,
        "autoDeployTrigger": stack.auto_deploy,
    }


def _connections(stack: Stack) -> list[dict[str, Any]]:
    """What comes from other resources or people: a Blueprint's groups cannot hold it, so each service asks for it."""
    names = stack.names
    database = {"name": names.database, "property": "connectionString"}
    cache = {"type": "keyvalue", "name": names.cache, "property": "connectionString"}
    return [
        {"fromGroup": names.env_group},
        *({"key": name, "sync": False} for name in stack.secrets),  # asked for in the dashboard; a group cannot ask
        {"key": "DATABASE_URL", "fromDatabase": database},
        {"key": names.variable("DATABASE_URL"), "fromDatabase": database},
        {"key": "REDIS_URL", "fromService": cache},
    ]


def _declared_addresses(stack: Stack) -> dict[str, str]:
    """What the stack file says of addresses; what it leaves to Render, each service asks for."""
    own = (*stack.domains.web, *stack.allowed_hosts)
    known = {"ALLOWED_HOSTS": ",".join(own), "CSRF_TRUSTED_ORIGINS": ",".join(f"https://{host}" for host in own)}
    return {stack.names.variable(name): value for name, value in known.items() if value}


def _host(stack: Stack) -> list[dict[str, Any]]:
    """What those that have no address want to know all the same."""
    declared = stack.domains.web or stack.allowed_hosts
    source = {"type": "web", "name": stack.names.web, "envVarKey": "RENDER_EXTERNAL_HOSTNAME"}
    return [] if declared else [{"key": stack.names.variable("ALLOWED_HOSTS"), "fromService": source}]


def _storage_keys() -> list[dict[str, Any]]:
    """Asked for in the dashboard, once: there is no role to take without Pulumi."""
    return [{"key": key, "sync": False} for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")]


def _plan(plan: str) -> str:
    """The API writes `pro_plus`, a Blueprint `pro plus`."""
    return plan.replace("_", " ")
