"""The steps of a deploy, each a call of the runtime with what the store knows about the service."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from localcloud.render.api import ids
from localcloud.render.api.store import Store
from localcloud.render.deploys.model import Deploy, DeployedImage, Snapshot, Status
from localcloud.render.env_groups.model import groups_of, links_of
from localcloud.render.oidc.issuer import subject
from localcloud.render.registry_credentials.model import RegistryCredential
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.protocols import Runtime
from localcloud.render.runtime.values import Build, Credential, Launch, Log, Release, Run, StaticRules
from localcloud.render.services.environment import compose
from localcloud.render.services.model import SERVING, Service
from localcloud.render.services.plans import cpus, memory_mb
from localcloud.render.static_rules.bodies import rule_body

ROLLOUT_SECONDS = float(os.environ.get("SLIPWAY_ROLLOUT_SECONDS", "120"))  # Render: 15 minutes
PRE_DEPLOY_SECONDS = 30 * 60.0


@dataclass(frozen=True)
class Step:
    """What is done next, and the status that shows it."""

    status: Status | None
    act: Callable[[Service, Deploy], Awaitable[None]]


class Steps:
    """What can be done with a service and one of its deploys. Both are handed over as they are by then."""

    def __init__(self, store: Store, runtime: Runtime) -> None:
        self._store = store
        self._runtime = runtime

    def plan(self, deploy: Deploy) -> Iterator[Step]:
        """The steps of this deploy, up to the moment before traffic is switched."""
        yield Step(None, self.warn)
        if deploy.image:
            yield Step(None, self.fetch)  # for a rollback, too, as Render does
        elif deploy.rollback_to:
            yield Step(None, self.reuse)
        else:
            yield Step("build_in_progress", self.build)
        service = self._store.find(Service, deploy.service_id)
        if service.type in SERVING and service.pre_deploy_command:
            yield Step("pre_deploy_in_progress", self.pre_deploy)
        yield Step("update_in_progress", self.start)

    async def warn(self, service: Service, deploy: Deploy) -> None:
        """Say what this machine cannot give to the service."""
        groups = groups_of(self._store, service.id)
        if service.secret_files or any(group.secret_files for group in groups):
            await self.note(deploy, "==> Secret files are not written to /etc/secrets by the local cloud")

    async def fetch(self, service: Service, deploy: Deploy) -> None:
        """Pull the image and keep what it says about running it."""
        image = deploy.image
        if image is None:
            raise RuntimeFailure(f"deploy {deploy.id} has no image")
        kept = self._store.get(RegistryCredential, service.registry_credential_id or "")
        credential = Credential(kept.registry, kept.username, kept.auth_token) if kept else None
        release = await asyncio.to_thread(self._runtime.releases.fetch, image.ref, credential, self._log(deploy))
        self._keep(deploy, release, DeployedImage(ref=image.ref, sha=release.digest or image.sha))

    async def build(self, service: Service, deploy: Deploy) -> None:
        """Build the commit that the deploy is for."""
        if deploy.commit is None:
            raise RuntimeFailure(f"deploy {deploy.id} has no commit")
        build = Build(
            service.id,
            deploy.id,
            deploy.commit.id,
            root_dir=service.root_dir,
            build_command=service.build_command,
            env=compose(self._store, service, deploy.commit.id),
            start_command=service.command,
            dockerfile_path=service.dockerfile_path if service.runtime == "docker" else None,
            publish_path=service.publish_path if service.type == "static_site" else None,
        )
        self._keep(deploy, await asyncio.to_thread(self._runtime.releases.build, build, self._log(deploy)))

    async def reuse(self, service: Service, deploy: Deploy) -> None:
        """A rollback of what was built: that build is used again."""
        old = self._target(deploy)
        if old is None:
            raise RuntimeFailure(f"the release of {deploy.rollback_to} is gone")
        if await asyncio.to_thread(self._runtime.releases.has, old.release):
            self._keep(deploy, old.release)
        else:
            await self._make_again(service, deploy)

    async def pre_deploy(self, service: Service, deploy: Deploy) -> None:
        """Run the pre-deploy command; anything but exit code 0 fails the deploy."""
        snapshot = _snapshot(deploy)
        run = Run(
            service.id,
            deploy.id,
            snapshot.release,
            service.pre_deploy_command,
            snapshot.env,
            log_name=deploy.id,
            timeout=PRE_DEPLOY_SECONDS,
            subject=subject(service),
            memory_mb=memory_mb(service.plan),
            cpus=cpus(service.plan),
        )
        code = await asyncio.to_thread(self._runtime.instances.run, run, self._log(deploy))
        if code != 0:
            raise RuntimeFailure(f"pre-deploy command failed: exit code {code}")

    async def start(self, service: Service, deploy: Deploy) -> None:
        """Start new instances beside the old ones and wait until they are healthy; not all types have some."""
        if service.type not in SERVING:
            return
        snapshot = _snapshot(deploy)
        launch = Launch(
            service.id,
            deploy.group,
            snapshot.release,
            snapshot.command,
            snapshot.env,
            count=(snapshot.instances if deploy.rollback_to else None) or service.num_instances,
            health_path=snapshot.health_path,
            has_port=service.type in {"web_service", "private_service"},
            timeout=ROLLOUT_SECONDS,
            drain_seconds=float(service.max_shutdown_delay_seconds),
            subject=subject(service),
            memory_mb=memory_mb(service.plan),
            cpus=cpus(service.plan),
        )
        await asyncio.to_thread(self._runtime.instances.start, launch)

    async def go_live(self, service: Service, deploy: Deploy) -> None:
        """Let the deploy serve."""
        if service.type == "static_site":
            folder = _snapshot(deploy).release.folder
            rules = StaticRules([rule_body(rule) for rule in service.routes], [*map(rule_body, service.headers)])
            await asyncio.to_thread(self._runtime.edge.serve_static, service.id, folder, rules)
        elif service.type in SERVING:
            await asyncio.to_thread(self._runtime.instances.switch, service.id, deploy.group)

    async def launch(self, service: Service, deploy: Deploy) -> None:
        """Bring a deploy that is live already to serve again, from its snapshot."""
        kept = _snapshot(deploy)
        if not await asyncio.to_thread(self._runtime.releases.has, kept.release):
            await self._make_again(service, deploy)
            made = _snapshot(self._store.find(Deploy, deploy.id))
            deploy = self._store.change(deploy, snapshot=kept.model_copy(update={"release": made.release}))
        await self.start(service, deploy)
        await self.go_live(service, deploy)

    async def note(self, deploy: Deploy, text: str) -> None:
        """A line of ours in the service's log."""
        await asyncio.to_thread(self._log(deploy), text)

    async def _make_again(self, service: Service, deploy: Deploy) -> None:
        await (self.fetch if deploy.image else self.build)(service, deploy)

    def _keep(self, deploy: Deploy, release: Release, image: DeployedImage | None = None) -> None:
        service, old = self._store.find(Service, deploy.service_id), self._target(deploy)
        own = old.own if old and old.own is not None else {var.key: var.value for var in service.env_vars}
        linked = tuple(link.group_id for link in links_of(self._store, service.id))
        groups = old.groups if old and old.groups is not None else linked
        snapshot = Snapshot(
            release=release,
            command=old.command if old else service.command,
            env=compose(self._store, service, deploy.commit.id if deploy.commit else None, own, groups),
            health_path=old.health_path if old else service.health_check_path or None,
            own=own,
            groups=groups,
            instances=(old.instances if old else None) or service.num_instances,
        )
        self._store.change(deploy, snapshot=snapshot, image=image or deploy.image, updated_at=ids.now())

    def _target(self, deploy: Deploy) -> Snapshot | None:
        """What a rollback goes back to: all that the snapshot has is of then, but for what the groups hold."""
        old = self._store.get(Deploy, deploy.rollback_to or "")
        return old.snapshot if old else None

    def _log(self, deploy: Deploy) -> Log:
        def write(line: str) -> None:
            self._runtime.logs.append(deploy.service_id, line, type="build", instance=deploy.id)

        return write


def _snapshot(deploy: Deploy) -> Snapshot:
    if deploy.snapshot is None:
        raise RuntimeFailure(f"the release of {deploy.id} is gone")
    return deploy.snapshot
