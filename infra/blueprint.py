"""The same stack files as Render's own Blueprint, for those who run an environment without Pulumi and AWS.

A Blueprint cannot name the digest that a release record holds, so all its services are built from the
tracked branch; what lives at AWS has no place in it (docs/adr/0006).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import yaml

from infra import app, hosts, names, stack_yaml
from infra.config import Environment, Stack

HEAD = """\
# Made from Pulumi.<stack>.yaml by `./slipway blueprint`: change those, not this.
# A Blueprint's routes cannot ask Render for an address. Where no domain of our own leads to the web service, add the
# rewrite from /api/* to <its address>/api/* in the front end's settings once Render has said what it is.
"""


def render_yaml(stacks: Sequence[Stack]) -> str:
    """The text of render.yaml."""
    environments = [_environment(stack) for stack in stacks]
    content = {"version": "1", "projects": [{"name": names.PROJECT, "environments": environments}]}
    return HEAD + yaml.dump(content, sort_keys=False, width=100, Dumper=_Plain)


class _Plain(yaml.SafeDumper):
    """Without anchors: Render's reader need not know them."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_str(self, data: str) -> yaml.ScalarNode:
        """In quotes what a later YAML than this library's would read as a number, such as `1e10`."""
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=None if stack_yaml.is_text(data) else "'")


_Plain.add_representer(str, _Plain.represent_str)


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
    known = {**app.variables(stack), **_declared_addresses(stack)}
    plain = [{"key": key, "value": value} for key, value in known.items()]
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
        **_domains(stack.domains.web),
        "envVars": [*_connections(stack), *_front(stack), *_storage_keys()],
    }


def _worker(stack: Stack) -> dict[str, Any]:
    return {
        "type": "worker",
        "name": names.worker(stack.environment),
        **_built(stack),
        "plan": _plan(stack.worker.plan),
        "numInstances": stack.worker.instances,
        "dockerCommand": app.WORKER,
        "envVars": [*_connections(stack), *_host(stack), *_storage_keys()],
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
            "envVars": [*_connections(stack), *_host(stack)],
        }
        for command, schedule in app.schedules(stack).items()
    ]


def _frontend(stack: Stack) -> dict[str, Any]:
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
        **_routes(stack.domains.web),
        **_domains(stack.domains.frontend),
    }


def _routes(web: Sequence[str]) -> dict[str, Any]:
    """Only to an address that is ours: at a guessed one a stranger may answer for the API."""
    serving = [f"https://{host}" for host in hosts.serving(web)]
    routes = [{"type": "rewrite", "source": "/api/*", "destination": app.api_rewrite(url)} for url in serving[:1]]
    return {"routes": routes} if routes else {}


def _domains(declared: Sequence[str]) -> dict[str, Any]:
    """Render adds the names that redirect to them."""
    return {"domains": list(hosts.serving(declared))} if declared else {}


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
    """What comes from other resources or people: a Blueprint's groups cannot hold it, so each service asks for it."""
    environment = stack.environment
    database = {"name": names.database(environment), "property": "connectionString"}
    cache = {"type": "keyvalue", "name": names.cache(environment), "property": "connectionString"}
    return [
        {"fromGroup": names.stem(environment)},
        *({"key": name, "sync": False} for name in stack.secrets),  # asked for in the dashboard; a group cannot ask
        {"key": "DATABASE_URL", "fromDatabase": database},
        {"key": names.variable(environment, "DATABASE_URL"), "fromDatabase": database},
        {"key": "REDIS_URL", "fromService": cache},
    ]


def _declared_addresses(stack: Stack) -> dict[str, str]:
    """What the stack file says of addresses; what it leaves to Render, each service asks for."""
    own, front = (*stack.domains.web, *stack.allowed_hosts), stack.domains.frontend
    origins = [f"https://{host}" for host in (*own, *front)]
    known = {"ALLOWED_HOSTS": own, "CSRF_TRUSTED_ORIGINS": origins if front else ()}
    return {names.variable(stack.environment, name): ",".join(value) for name, value in known.items() if value}


def _front(stack: Stack) -> list[dict[str, Any]]:
    """Whose pages the web service trusts beside its own, of which Render tells it."""
    return [] if stack.domains.frontend else [_asked(stack, "CSRF_TRUSTED_ORIGINS", names.frontend, "URL")]


def _host(stack: Stack) -> list[dict[str, Any]]:
    """What those that have no address want to know all the same."""
    declared = stack.domains.web or stack.allowed_hosts
    return [] if declared else [_asked(stack, "ALLOWED_HOSTS", names.stem, "HOSTNAME")]


def _asked(stack: Stack, name: str, service: Callable[[Environment], str], what: str) -> dict[str, Any]:
    source = {"type": "web", "name": service(stack.environment), "envVarKey": f"RENDER_EXTERNAL_{what}"}
    return {"key": names.variable(stack.environment, name), "fromService": source}


def _storage_keys() -> list[dict[str, Any]]:
    """Asked for in the dashboard, once: there is no role to take without Pulumi."""
    return [{"key": key, "sync": False} for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")]


def _plan(plan: str) -> str:
    """The API writes `pro_plus`, a Blueprint `pro plus`."""
    return plan.replace("_", " ")
