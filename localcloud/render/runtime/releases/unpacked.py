"""Releases on this machine's disk: images unpacked by digest, and commits unpacked and built."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from localcloud.render.runtime.containers import images as engine_images
from localcloud.render.runtime.processes import leftovers
from localcloud.render.runtime.processes.operations import Operations
from localcloud.render.runtime.releases import builds, git, python_env
from localcloud.render.runtime.releases.images import Images
from localcloud.render.runtime.values import Build, Credential, Log, Release


class UnpackedReleases:
    """Everything that was fetched or built, as folders below `.local/render/`."""

    def __init__(self) -> None:
        self._images = Images()
        self._builds = Operations()
        self._opened = False

    def open(self) -> None:
        """End what a killed predecessor left of builds, and remove what it left of pulls."""
        if not self._opened:
            leftovers.end("build-", "venv-")
            self._images.sweep()
            self._opened = True

    def close(self) -> None:
        """End every build."""
        self._builds.cancel_all()
        leftovers.end("build-", "venv-")
        self._opened = False

    def fetch(self, image: str, credential: Credential | None, log: Log) -> Release:
        """Pull an image, and have a Python for it where it is no container's."""
        release = self._images.fetch(image, credential, log)
        if not release.image:
            python_env.programs(release.folder, log)
        return release

    def has(self, release: Release) -> bool:
        """Whether it is still there to be run."""
        return release.folder.exists() and (not release.image or engine_images.has(release.image))

    def branch_head(self, repo: str, branch: str) -> str | None:
        """The commit at the head of that branch, or None."""
        del repo  # the local cloud stands for the Git host too: every URL means its one repository
        return git.head(branch)

    def commit_message(self, commit: str) -> str:
        """The message of that commit."""
        return git.message(commit)

    def build(self, build: Build, log: Log) -> Release:
        """Unpack the commit and build it."""
        with self._builds.begin(build.service_id, build.deploy_id) as cancelled:
            return builds.carry_out(build, log, cancelled)

    def forget_unused(self, used: Collection[Path]) -> None:
        """Delete the files of releases in none of these folders."""
        self._images.forget(used)
        builds.forget(used)

    def cancel(self, service_id: str, deploy_id: str) -> None:
        """End that deploy's build."""
        self._builds.cancel(service_id, deploy_id)

    def remove(self, service_id: str) -> None:
        """End a service's builds and forget what they made."""
        self._builds.cancel_all(service_id)
        builds.remove(service_id)
