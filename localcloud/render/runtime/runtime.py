"""The runtime as the API sees it: each method hands over to the one who knows that noun."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from localcloud.machine import process
from localcloud.render.runtime import builds, git, images, python_env, workspaces
from localcloud.render.runtime.edge import Edge
from localcloud.render.runtime.images import Images
from localcloud.render.runtime.keeper import Keeper
from localcloud.render.runtime.key_value import KeyValues
from localcloud.render.runtime.logs import Logs
from localcloud.render.runtime.postgres import Databases
from localcloud.render.runtime.services import Services
from localcloud.render.runtime_protocol import Credential, Log, LogLine, Release

PREFIXES = ("instance-", "run-", "build-", "venv-")


class ProcessRuntime:
    """Runs databases, key value stores and services as processes of this machine."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started = False
        self._keeper = Keeper()
        self._logs = Logs()
        self._edge = Edge(self._keeper)
        self._databases = Databases(self._keeper)
        self._key_values = KeyValues(self._keeper)
        self._images = Images()
        self._services = Services(self._keeper, self._logs, self._edge)

    def start(self) -> None:
        """End what a killed predecessor left of services, and bring up the edge."""
        with self._lock:
            if not self._started:
                _end_leftovers()
                workspaces.sweep()
                images.sweep()
            self._databases.start()
            self._keeper.start()
            self._logs.start()
            self._edge.start()
            self._started = True

    def stop(self) -> None:
        """End everything; what is stored stays."""
        with self._lock:
            self._services.stop_all()
            self._keeper.stop()
            self._edge.stop()
            self._key_values.stop_all()
            self._databases.stop()
            _end_leftovers()
            self._logs.stop()
            self._started = False

    # Databases

    def postgres_versions(self) -> tuple[str, ...]:
        return self._databases.versions()

    def create_postgres(self, postgres_id: str, *, version: str, database: str, user: str, password: str) -> None:
        self._databases.create(postgres_id, version=version, database=database, user=user, password=password)

    def drop_postgres(self, postgres_id: str) -> None:
        self._databases.drop(postgres_id)

    def suspend_postgres(self, postgres_id: str) -> None:
        self._databases.suspend(postgres_id)

    def resume_postgres(self, postgres_id: str) -> None:
        self._databases.resume(postgres_id)

    def postgres_url(self, postgres_id: str, *, database: str, user: str, password: str) -> str:
        return self._databases.url(postgres_id, database=database, user=user, password=password)

    def start_key_value(self, key_value_id: str, *, maxmemory_policy: str, persistence: bool) -> None:
        self._key_values.start(key_value_id, maxmemory_policy=maxmemory_policy, persistence=persistence)

    def stop_key_value(self, key_value_id: str) -> None:
        self._key_values.stop(key_value_id)

    def drop_key_value(self, key_value_id: str) -> None:
        self._key_values.drop(key_value_id)

    def key_value_url(self, key_value_id: str) -> str:
        return self._key_values.url(key_value_id)

    # Releases

    def fetch_image(self, image: str, credential: Credential | None, log: Log) -> Release:
        release = self._images.fetch(image, credential, log)
        python_env.programs(release.folder, log)
        return release

    def branch_head(self, repo: str, branch: str) -> str | None:
        del repo  # the local cloud stands for the Git host too: every URL means its one repository
        return git.head(branch)

    def commit_message(self, commit: str) -> str:
        return git.message(commit)

    def build(
        self,
        *,
        commit: str,
        root_dir: str,
        build_command: str,
        start_command: str,
        env: Mapping[str, str],
        log: Log,
        dockerfile_path: str | None = None,
        service_id: str,
        deploy_id: str,
    ) -> Release:
        with self._services.operation(service_id, deploy_id) as cancelled:
            return builds.build(
                commit=commit,
                root_dir=root_dir,
                build_command=build_command,
                start_command=start_command,
                env=env,
                log=log,
                dockerfile_path=dockerfile_path,
                service_id=service_id,
                deploy_id=deploy_id,
                cancelled=cancelled,
            )

    def build_static(
        self,
        *,
        service_id: str,
        commit: str,
        root_dir: str,
        build_command: str,
        publish_path: str,
        env: Mapping[str, str],
        log: Log,
        deploy_id: str,
    ) -> Path:
        with self._services.operation(service_id, deploy_id) as cancelled:
            return builds.build_static(
                service_id=service_id,
                commit=commit,
                root_dir=root_dir,
                build_command=build_command,
                publish_path=publish_path,
                env=env,
                log=log,
                deploy_id=deploy_id,
                cancelled=cancelled,
            )

    def forget_releases(self, used: Collection[Path]) -> None:
        self._images.forget(used)
        builds.forget(used)

    # Running services

    def run_once(
        self,
        service_id: str,
        release: Release,
        command: str | tuple[str, ...],
        env: Mapping[str, str],
        *,
        run_id: str,
        log_name: str,
        log: Log,
        timeout: float,
    ) -> int:
        return self._services.run_once(
            service_id, release, command, env, run_id=run_id, log_name=log_name, log=log, timeout=timeout
        )

    def start_instances(
        self,
        service_id: str,
        deploy_id: str,
        release: Release,
        command: str | tuple[str, ...],
        env: Mapping[str, str],
        *,
        count: int,
        health_path: str | None,
        port: bool,
        timeout: float,
        drain_seconds: float = 30.0,
    ) -> None:
        self._services.start(
            service_id,
            deploy_id,
            release,
            command,
            env,
            count=count,
            health_path=health_path,
            port=port,
            timeout=timeout,
            drain_seconds=drain_seconds,
        )

    def switch(self, service_id: str, deploy_id: str) -> None:
        self._services.switch(service_id, deploy_id)

    def cancel(self, service_id: str, deploy_id: str) -> None:
        self._services.cancel(service_id, deploy_id)

    def stop_service(self, service_id: str) -> None:
        self._services.stop(service_id)

    def serve_static(
        self,
        service_id: str,
        folder: Path,
        *,
        routes: Sequence[Mapping[str, str]],
        headers: Sequence[Mapping[str, str]],
    ) -> None:
        self._edge.serve_static(service_id, folder, routes, headers)

    def instances(self, service_id: str) -> list[dict[str, Any]]:
        return self._services.instances(service_id)

    # Edge

    def url(self, service_id: str) -> str:
        return self._edge.url(service_id)

    def set_slug(self, service_id: str, slug: str, custom_domains: Mapping[str, str]) -> None:
        self._edge.name(service_id, slug, custom_domains)

    def set_maintenance(self, service_id: str, enabled: bool, uri: str) -> None:
        self._edge.maintain(service_id, enabled, uri)

    def remove_service(self, service_id: str) -> None:
        self._services.stop(service_id)
        self._services.forget(service_id)
        self._edge.remove(service_id)
        self._logs.remove(service_id)
        builds.remove(service_id)

    # Logs

    def append_log(self, service_id: str, text: str, *, type: Literal["build", "app"], instance: str) -> None:
        self._logs.append(service_id, text, type=type, instance=instance)

    def read_logs(self, service_id: str, *, limit: int, since: str | None = None) -> list[LogLine]:
        return self._logs.read(service_id, limit=limit, since=since)


def _end_leftovers() -> None:
    """End services' processes that are written down, also groups whose leader has died before its children."""
    for left in process.written():
        if left.name.startswith(PREFIXES):
            process.stop(left)
