"""Which services a release moves: those of the application, and none that runs the ops image."""

from __future__ import annotations

from infra.load import from_file
from ops.releases.services import DEPLOY, JOB, WEB, WORKER, environment

NAMES = from_file("staging").names


def resource(kind: str, name: str, parent: str) -> dict[str, object]:
    """One as Pulumi's state has it."""
    urn = f"urn:pulumi:staging::cams::{NAMES.component(parent)}${kind}::{name}"
    return {"id": f"srv-{name}", "type": kind, "urn": urn, "inputs": {"name": name}}


def test_what_runs_the_ops_image_follows_no_release() -> None:
    """Neither the jobs that keep data nor the companion: they run another image than the application."""
    state = [
        resource(WEB, "web", "Web"),
        resource(WORKER, "worker", "Worker"),
        resource(WORKER, "companion", "Companion"),
        resource(DEPLOY, "companion", "Companion"),
        resource(JOB, "clearsessions", "Jobs"),
        resource(JOB, "backup", "BackupJobs"),
    ]

    assert [one.name for one in environment(state).services] == ["web", "worker", "clearsessions"]
