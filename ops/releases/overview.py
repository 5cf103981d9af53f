"""What runs in an environment, what was released to it, and whether it may be changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from console.errors import ExplainedError
from infra.release import Release
from ops.context import Context
from ops.releases import passage, sbom, services
from ops.releases.attachments import content
from ops.releases.audit import Noted
from ops.releases.authority import Authority
from ops.releases.lock import Lock
from ops.releases.passage import Passage
from ops.releases.pending import Pending
from ops.releases.refusal import UntrustedError
from registry_api.manifests import is_digest
from render_api.errors import RenderError


@dataclass(frozen=True)
class Overview:
    """Of one environment."""

    environment: str
    release: Release | None
    """The record; none where nothing was released yet, or its branch is built."""
    running: dict[str, str]
    """The version of each service, by its name."""
    lock: Lock | None
    pending: Pending | None
    """A release that was not seen to pass the gate."""
    last: Noted | None
    """The last line of the audit."""

    @property
    def commit(self) -> str | None:
        """Of what runs."""
        if self.release:
            return self.release.commit
        return next((version for version in self.running.values() if not version.startswith("sha256:")), None)

    def shown(self) -> dict[str, Any]:
        """For programs."""
        return {
            "environment": self.environment,
            "release": self.release.model_dump(mode="json", by_alias=True) if self.release else None,
            "running": self.running,
            "lock": self.lock.model_dump(mode="json") if self.lock else None,
            "gate": self.pending.phase if self.pending else "passed",
            "last": self.last.event.model_dump(mode="json", by_alias=True) if self.last else None,
        }


def overview(ours: Passage) -> Overview:
    """Asked of SSM, Pulumi's state and Render."""
    environment = ours.stack.environment
    there = services.environment(ours.context.doors.pulumi(ours.cloud).resources(environment))
    try:
        lives = services.all_live(ours.context.doors.render(ours.cloud, patience=60), there.services)
    except RenderError as error:
        raise ExplainedError(f"cannot see what runs in {environment}", str(error)) from error
    running = {one.name: lives[one.id].version for one in there.services if one.id in lives}
    release = ours.records.current() if ours.stack.source == "image" else None
    events = ours.audit.events()
    last = events[0] if events else None
    return Overview(environment, release, running, ours.locks.held(), ours.note.read(), last)


def packages(context: Context, ours: Passage, release: Release | None) -> dict[str, str] | None:
    """The packages of its image by name; None where no list of them, or another thing, hangs on it."""
    if release is None or release.sbom is None:
        return None
    images = Authority(context, ours.cloud, ours.stack).images()
    artifact = images.manifest(release.sbom) if is_digest(release.sbom) else None
    if artifact is None or artifact.subject != release.digest:
        return None
    try:
        return sbom.packages(content(images, artifact, sbom.LARGEST))
    except (UntrustedError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def of(context: Context, environment: str) -> Overview:
    """That of an environment."""
    return overview(passage.of(context, environment))
