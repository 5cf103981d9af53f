"""The steps of a deploy, each a call of the runtime with what the API knows about the service."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from localcloud.render.api import ids
from localcloud.render.api.old import Record
from localcloud.render.registry_credentials.model import RegistryCredential
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.values import Build, Credential, Launch, Log, Release, Run, StaticRules
from localcloud.render.services.environment import compose, links_of

if TYPE_CHECKING:
    from localcloud.render.local_render import LocalRender

ROLLOUT_SECONDS = float(os.environ.get("SLIPWAY_ROLLOUT_SECONDS", "120"))  # Render: 15 minutes
PRE_DEPLOY_SECONDS = 30 * 60.0
SERVING = frozenset({"web_service", "private_service", "background_worker"})


@dataclass(frozen=True)
class Step:
    """What is done next, and the status that shows it."""

    status: str
    act: Callable[[LocalRender, Record, Record], Awaitable[None]]


def plan(service: Record, deploy: Record) -> Iterator[Step]:
    """The steps of this deploy, up to the moment before traffic is switched."""
    yield Step("", warn)
    if deploy["_from"]:
        yield Step("", reuse)
    elif deploy["image"]:
        yield Step("", fetch)
    else:
        yield Step("build_in_progress", build)
    if service["type"] in SERVING:
        if service["serviceDetails"]["envSpecificDetails"].get("preDeployCommand"):
            yield Step("pre_deploy_in_progress", pre_deploy)
        yield Step("update_in_progress", start)
    else:
        yield Step("update_in_progress", nothing)


async def nothing(_render: LocalRender, _service: Record, _deploy: Record) -> None:
    """Cron jobs and static sites have no instances to start."""


async def warn(render: LocalRender, service: Record, deploy: Record) -> None:
    """Say what this machine cannot give to the service."""
    groups = {link["group"] for link in links_of(render, service)}
    sources = [service, *(render.find("env_group", key) for key in groups)]
    if any(source["_secret_files"] for source in sources):
        await note(render, deploy, "==> Secret files are not written to /etc/secrets by the local cloud")


async def fetch(render: LocalRender, service: Record, deploy: Record) -> None:
    """Pull the image and keep what it says about running it."""
    found = render.store.get(RegistryCredential, service.get("_credential", ""))
    credential = Credential(found.registry, found.username, found.auth_token) if found else None
    image, log = deploy["image"]["ref"], _log(render, deploy)
    release = await asyncio.to_thread(render.runtime.releases.fetch, image, credential, log)
    if release.digest:
        deploy["image"]["sha"] = release.digest
    _snapshot(render, service, deploy, release)


async def build(render: LocalRender, service: Record, deploy: Record) -> None:
    """Build the commit that the deploy is for."""
    details, commit = service["serviceDetails"], deploy["commit"]["id"]
    static, specific = service["type"] == "static_site", details.get("envSpecificDetails", {})
    wanted = Build(
        service["id"],
        deploy["id"],
        commit,
        root_dir=service["rootDir"],
        build_command=(details if static else specific).get("buildCommand", ""),
        env=compose(render, service, commit),
        start_command=_command(service),
        dockerfile_path=specific.get("dockerfilePath") if details.get("runtime") == "docker" else None,
        publish_path=details["publishPath"] if static else None,
    )
    release = await asyncio.to_thread(render.runtime.releases.build, wanted, _log(render, deploy))
    _snapshot(render, service, deploy, release)


async def reuse(render: LocalRender, service: Record, deploy: Record) -> None:
    """A rollback: the old deploy's release with today's settings."""
    old = render.old.get("deploy", deploy["_from"])
    if old is None or "_run" not in old:
        raise RuntimeFailure(f"the release of {deploy['_from']} is gone")
    release = release_of(old)
    if release.folder.exists():
        _snapshot(render, service, deploy, release)
    else:
        await (fetch if deploy["image"] else build)(render, service, deploy)


async def pre_deploy(render: LocalRender, service: Record, deploy: Record) -> None:
    """Run the pre-deploy command; anything but exit code 0 fails the deploy."""
    command = service["serviceDetails"]["envSpecificDetails"]["preDeployCommand"]
    run = Run(
        service["id"],
        deploy["id"],
        release_of(deploy),
        command,
        deploy["_run"]["env"],
        log_name=deploy["id"],
        timeout=PRE_DEPLOY_SECONDS,
    )
    code = await asyncio.to_thread(render.runtime.instances.run, run, _log(render, deploy))
    if code != 0:
        raise RuntimeFailure(f"pre-deploy command failed: exit code {code}")


async def start(render: LocalRender, service: Record, deploy: Record) -> None:
    """Start the new instances beside the old ones and wait until they are healthy."""
    details, run = service["serviceDetails"], deploy["_run"]
    web = service["type"] == "web_service"
    instances = Launch(
        service["id"],
        group(deploy),
        release_of(deploy),
        run["command"],
        run["env"],
        count=details["numInstances"],
        health_path=run["health_path"],
        has_port=web or service["type"] == "private_service",
        timeout=ROLLOUT_SECONDS,
        drain_seconds=float(details["maxShutdownDelaySeconds"]),
    )
    await asyncio.to_thread(render.runtime.instances.start, instances)


async def go_live(render: LocalRender, service: Record, deploy: Record) -> None:
    """Let the deploy serve."""
    if service["type"] == "static_site":
        rules = StaticRules(service["_routes"], service["_headers"])
        await asyncio.to_thread(render.runtime.edge.serve_static, service["id"], release_of(deploy).folder, rules)
    elif service["type"] in SERVING:
        await asyncio.to_thread(render.runtime.instances.switch, service["id"], group(deploy))


async def launch(render: LocalRender, service: Record, deploy: Record) -> None:
    """Bring a deploy that is live already to serve again, from its snapshot."""
    if not release_of(deploy).folder.exists():
        kept = deploy["_run"]
        await (fetch if deploy["image"] else build)(render, service, deploy)
        deploy["_run"].update(env=kept["env"], command=kept["command"], health_path=kept["health_path"])
        render.old.put("deploy", deploy)
    if service["type"] in SERVING:
        await start(render, service, deploy)
    await go_live(render, service, deploy)


async def note(render: LocalRender, deploy: Record, text: str) -> None:
    """A line of ours in the service's log."""
    await asyncio.to_thread(_log(render, deploy), text)


def group(deploy: Record) -> str:
    """What the runtime calls a deploy's instances: its id, and a number once it was restarted."""
    times = deploy.get("_round", 0)
    return f"{deploy['id']}.{times}" if times else str(deploy["id"])


def release_of(deploy: Record) -> Release:
    """The release kept in a deploy's snapshot."""
    kept = deploy["_run"]["release"]
    return Release(Path(kept["folder"]), tuple(kept["command"]), kept["env"], kept["digest"], kept["commit"])


def new_deploy(service: Record, trigger: str, *, commit: Record | None, image: str | None, old: str = "") -> Record:
    """A deploy that nobody has started yet."""
    stamp = ids.micros(ids.now())
    return {
        "id": ids.new("dep"),
        "commit": commit,
        "image": _image(image) if image else None,
        "status": "created",
        "trigger": trigger,
        "createdAt": stamp,
        "updatedAt": stamp,
        "finishedAt": None,
        "_service": service["id"],
        "_from": old,
    }


def _image(reference: str) -> Record:
    pinned = reference.partition("@")[2]
    return {"ref": reference, "sha": pinned} if pinned else {"ref": reference}


def _snapshot(render: LocalRender, service: Record, deploy: Record, release: Release) -> None:
    deploy["_run"] = {
        "release": {
            "folder": str(release.folder),
            "command": list(release.command),
            "env": dict(release.env),
            "digest": release.digest,
            "commit": release.commit,
        },
        "command": _command(service),
        "env": compose(render, service, (deploy["commit"] or {}).get("id")),
        "health_path": service["serviceDetails"].get("healthCheckPath") or None,
    }
    render.changed("deploy", deploy)


def _command(service: Record) -> str:
    specific = service["serviceDetails"].get("envSpecificDetails", {})
    return str(specific.get("startCommand") or specific.get("dockerCommand") or "")


def _log(render: LocalRender, deploy: Record) -> Log:
    def write(line: str) -> None:
        render.runtime.logs.append(deploy["_service"], line, type="build", instance=deploy["id"])

    return write
