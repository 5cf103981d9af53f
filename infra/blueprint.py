"""The same stack files as Render's own Blueprint, for those who run an environment without Pulumi and AWS.

A Blueprint cannot name the digest that a release record holds, so all its services are built from the
tracked branch; what lives at AWS has no place in it (docs/adr/0006).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from infra import app, names
from infra.config import Stack

HEAD = "# Made from Pulumi.<stack>.yaml by `./slipway blueprint`: change those, not this.\n"


def render_yaml(stacks: Sequence[Stack]) -> str:
    """The text of render.yaml."""
    environments = [_environment(stack) for stack in stacks]
    content = {"version": "1", "projects": [{"name": names.PROJECT, "environments": environments}]}
    return HEAD + yaml.dump(content, sort_keys=False, width=100, Dumper=_Plain)


class _Plain(yaml.SafeDumper):
    """Without anchors: Render's reader need not know them."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _environment(stack: Stack) -> dict[str, Any]:
    return {
        "name": stack.environment,
        "networking": {"isolation": "enabled"},
        "permissions": {"protection": "enabled" if stack.is_prod else "disabled"},
        "databases": [_database(stack)],
        "envVarGroups": [_group(stack)],
        "services": [_cache(stack), _web(stack), _worker(stack), *_jobs(stack), _frontend(stack)],
    }


def _database(stack: Stack) -> dict[str, Any]:
    wanted, environment = stack.database, stack.environment
    return {
        "name": names.database(environment),
        "databaseName": names.database_user(environment),
        "user": names.database_user(environment),
        "region": stack.region,
        "plan": wanted.plan.replace("_", "-"),
        "postgresMajorVersion": wanted.version,
        "diskSizeGB": wanted.disk_gb,
        **_given("storageAutoscalingEnabled", wanted.enable_disk_autoscaling),
        "highAvailability": {"enabled": wanted.high_availability},
        "ipAllowList": [
            {"source": allowed.cidr, "description": allowed.description} for allowed in wanted.ip_allow_list
        ],
        "readReplicas": [{"name": names.replica(environment, number + 1)} for number in range(wanted.read_replicas)],
    }


def _given(name: str, value: bool | None) -> dict[str, Any]:
    """A setting that is left to Render where the stack file does not make it."""
    return {} if value is None else {name: value}


def _group(stack: Stack) -> dict[str, Any]:
    plain = [{"key": key, "value": value} for key, value in app.variables(stack).items()]
    generated = [{"key": key, "generateValue": True} for key in app.GENERATED]
    return {"name": names.stem(stack.environment), "envVars": [*plain, *generated]}


def _cache(stack: Stack) -> dict[str, Any]:
    return {
        "type": "keyvalue",
        "name": names.cache(stack.environment),
        "region": stack.region,
        "plan": _plan(stack.cache.plan),
        "maxmemoryPolicy": stack.cache.eviction.replace("_", "-"),
        "ipAllowList": [],
    }


def _web(stack: Stack) -> dict[str, Any]:
    return {
        "type": "web",
        "name": names.stem(stack.environment),
        **_built(stack),
        "plan": _plan(stack.web.plan),
        "numInstances": stack.web.instances,
        "healthCheckPath": app.HEALTH,
        "preDeployCommand": app.MIGRATE,
        **({"domains": list(stack.domains.web)} if stack.domains.web else {}),
        "envVars": [*_connections(stack), *_storage_keys()],
    }


def _worker(stack: Stack) -> dict[str, Any]:
    return {
        "type": "worker",
        "name": names.worker(stack.environment),
        **_built(stack),
        "plan": _plan(stack.worker.plan),
        "numInstances": stack.worker.instances,
        "dockerCommand": app.WORKER,
        "envVars": [*_connections(stack), *_storage_keys()],
    }


def _jobs(stack: Stack) -> list[dict[str, Any]]:
    return [
        {
            "type": "cron",
            "name": names.job(stack.environment, command),
            **_built(stack),
            "plan": _plan(stack.jobs.plan),
            "schedule": schedule,
            "dockerCommand": app.job(command),
            "envVars": _connections(stack),
        }
        for command, schedule in app.schedules(stack).items()
    ]


def _frontend(stack: Stack) -> dict[str, Any]:
    web = names.render_host(names.stem(stack.environment))
    return {
        "type": "web",
        "name": names.frontend(stack.environment),
        "runtime": "static",
        "repo": stack.github.url,
        "branch": stack.branch,
        "rootDir": app.FRONTEND_ROOT,
        "autoDeployTrigger": stack.auto_deploy,
        "buildCommand": app.FRONTEND_BUILD,
        "staticPublishPath": app.FRONTEND_PUBLISHED,
        "routes": [{"type": "rewrite", "source": "/api/*", "destination": app.api_rewrite(f"https://{web}")}],
        **({"domains": list(stack.domains.frontend)} if stack.domains.frontend else {}),
    }


def _built(stack: Stack) -> dict[str, Any]:
    return {
        "runtime": "docker",
        "region": stack.region,
        "repo": stack.github.url,
        "branch": stack.branch,
        "rootDir": app.ROOT,
        "autoDeployTrigger": stack.auto_deploy,
    }


def _connections(stack: Stack) -> list[dict[str, Any]]:
    """What comes from other resources: a Blueprint's groups cannot hold it, so each service asks for it."""
    environment = stack.environment
    database = {"name": names.database(environment), "property": "connectionString"}
    cache = {"type": "keyvalue", "name": names.cache(environment), "property": "connectionString"}
    return [
        {"fromGroup": names.stem(environment)},
        {"key": "DATABASE_URL", "fromDatabase": database},
        {"key": names.variable(environment, "DATABASE_URL"), "fromDatabase": database},
        {"key": "REDIS_URL", "fromService": cache},
    ]


def _storage_keys() -> list[dict[str, Any]]:
    """Asked for in the dashboard, once: there is no role to take without Pulumi."""
    return [{"key": key, "sync": False} for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")]


def _plan(plan: str) -> str:
    """The API writes `pro_plus`, a Blueprint `pro plus`."""
    return plan.replace("_", " ")
