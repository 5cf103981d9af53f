"""A secret of one's own, from `secret set` to the application's process, and nowhere else."""

from __future__ import annotations

import json
import uuid
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.support.checkout import Done
from tests.support.waiting import eventually
from tests.support.world import Environment, World, assert_nothing_to_do

NAME = "SENTRY_DSN"
SET, REMOVE = "./slipway secret set staging SENTRY_DSN", "./slipway secret remove staging SENTRY_DSN"
LIST = "./slipway secret list staging"
# The vault, and what Render and its runtime keep to run the services with.
MAY_HOLD = {".local/aws/state/secretsmanager.pickle", ".local/render/api.sqlite", ".local/render/api.sqlite-wal"}


class Own:
    """The stack file's one own secret, and everything that was said while it had a value."""

    def __init__(self, world: World, scratch: Path) -> None:
        self.world, self.scratch = world, scratch
        self.said: list[str] = []
        self.declared = False

    def run(self, script: str) -> Done:
        """A command line."""
        done = self.world.bare(script, check=False)
        self.said.append(done.output)
        return done

    def declare(self) -> None:
        """Name it."""
        self.declared = True
        path = self.world.checkout.folder / "Pulumi.staging.yaml"
        path.write_text(path.read_text().replace("  cams:web:\n", f"  cams:secrets: [{NAME}]\n  cams:web:\n"))

    def undeclare(self) -> None:
        """As it was; the next `up` takes it from the services."""
        self.declared = False
        self.world.checkout.run("git", "checkout", "--quiet", "--", "Pulumi.staging.yaml", check=True)

    def set_to(self, value: str) -> Done:
        """From a file, whose last newline is not part of it."""
        self.scratch.write_text(f"{value}\n")
        return self.run(f"{SET} < {self.scratch}")

    def told(self) -> set[str | None]:
        """What the application's processes, web and worker, find in their environment."""
        ids = {self.world.render.service(name)["id"] for name in ("cams-staging", "cams-staging-worker")}
        found: dict[str, set[str | None]] = {one: set() for one in ids}
        for process in psutil.process_iter():
            try:
                environment = process.environ()
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
            if environment.get("RENDER_SERVICE_ID") in ids:
                found[environment["RENDER_SERVICE_ID"]].add(environment.get(NAME))
        return {value for values in found.values() for value in values or {"no process"}}

    def wait_for(self, value: str | None) -> None:
        """Wait until all of them have that, and the release before is drained."""
        eventually(lambda: self.told() == {value}, f"the services have {value}", seconds=60)

    def listed(self) -> list[dict[str, Any]]:
        """`secret list --json`, without the times."""
        found: list[dict[str, Any]] = json.loads(self.run(f"{LIST} --json").stdout)
        return [{key: value for key, value in one.items() if key != "changed"} for one in found]


@pytest.fixture
def own(world: World, staging: Environment, tmp_path: Path) -> Iterator[Own]:
    """Afterwards there is none."""
    it = Own(world, tmp_path / "value")
    yield it
    if it.declared:  # the test broke off
        it.undeclare()
        world.slipway_up("staging")
        it.run(REMOVE)


def test_the_services_have_it_and_nothing_else_does(world: World, staging: Environment, own: Own) -> None:
    """Missing, set, deployed, changed, deployed again, listed, removed; its value is never said or written down."""
    canary = uuid.uuid4().hex
    first, second = f"first-{canary}", f'it"s $HOME `id` %s \\n {canary}\nünï ✓'

    own.declare()
    early, bare = own.run("./slipway up staging"), own.run("pulumi preview --stack staging --non-interactive")
    own.set_to(first)
    up = own.run("./slipway up staging")

    missing = f"a secret that it names is not set: {NAME}"
    assert early.returncode == 1
    assert early.stderr.endswith(f"{missing}\n\nhint: {SET}\n")
    assert "pdating (staging)" not in early.stderr
    assert bare.returncode != 0
    assert missing in bare.stdout
    assert f"hint: {SET}" in bare.stdout
    assert up.returncode == 0, up.stderr
    own.wait_for(first)
    assert_nothing_to_do(staging)

    plan = own.scratch.with_name("plan")
    own.run(f"pulumi preview --stack staging --save-plan {plan} --non-interactive")
    own.set_to(second)
    late = own.run(f"pulumi up --stack staging --plan {plan} --yes --non-interactive")
    preview = own.run("pulumi preview --stack staging --diff --non-interactive")
    again = own.run("./slipway up staging")

    assert "cams:index:Basis::basis violates plan: properties changed: =~secret_versions" in late.stdout
    assert "envVars: [secret] => [secret]" in preview.stdout
    assert again.returncode == 0, again.stderr
    own.wait_for(second)
    assert_nothing_to_do(staging)
    assert own.listed() == [{"name": NAME, "declared": True, "set": True}]
    own.said.append(staging.export())
    assert holding(world.checkout.folder, canary) <= MAY_HOLD
    assert len(holding(world.checkout.folder, canary)) >= 2

    refused = own.run(REMOVE)
    own.undeclare()
    undeclared = own.listed()
    own.run("./slipway up staging")
    removed = own.run(REMOVE)

    assert refused.returncode == 3
    assert undeclared == [{"name": NAME, "declared": False, "set": True}]
    own.wait_for(None)
    assert removed.returncode == 0
    assert own.listed() == []
    assert [said for said in own.said if canary in said or second[:20] in said] == []


def holding(folder: Path, text: str) -> set[str]:
    """The files of the local cloud that hold a text, in the clear or in base64."""
    forms = [text.encode()] + [b64encode(b" " * shift + text.encode())[4:-4] for shift in range(3)]
    found = set()
    for path in (folder / ".local").rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            if any(form in content for form in forms):
                found.add(str(path.relative_to(folder)))
    return found
