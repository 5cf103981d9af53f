"""Where previews are: the cloud with their own state, so that who makes them reads no other environment's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from infra import load_preview
from infra.names import preview
from infra.preview import Previews
from ops.context import Context
from ops.doors import aws
from ops.doors.cloud import Cloud
from ops.doors.programs import ROOT
from ops.doors.pulumi import Pulumi
from ops.environments import local


@dataclass(frozen=True)
class Place:
    """What every command of previews works with."""

    context: Context
    cloud: Cloud
    shared: Previews
    root: Path = ROOT

    @property
    def pulumi(self) -> Pulumi:
        return self.context.doors.pulumi(self.cloud)

    @property
    def owner(self) -> str:
        """The workspace at Render."""
        return self.cloud.variables.get("RENDER_OWNER_ID", "")

    @property
    def key(self) -> str:
        """What encrypts the secrets in their state; the local cloud's stacks have a passphrase of their own."""
        return (
            "" if self.cloud.is_local else f"awskms://{self.shared.names.key_alias}?region={self.shared.aws.region}"
        )

    def write(self, pull: int, text: str) -> None:
        """Say to the engine what this preview is."""
        path = self.root / f"Pulumi.{preview(pull)}.yaml"
        new = path.with_suffix(".new")
        new.write_text(text)
        new.replace(path)

    def forget(self, pull: int) -> None:
        """Take that away."""
        (self.root / f"Pulumi.{preview(pull)}.yaml").unlink(missing_ok=True)


def place(context: Context) -> Place:
    """The cloud that the environment names, else the local one, started."""
    shared = load_preview.shared()
    aws.load()  # needed as soon as the local cloud answers, and loaded while it starts
    cloud = context.doors.choose(postgres=shared.database.version)
    if cloud.is_local:
        local.prepare(context, cloud)
        return Place(context, cloud, shared)
    own = {
        "PULUMI_BACKEND_URL": f"s3://{shared.names.bucket('state')}?region={shared.aws.region}",
        # A checkout that has not made the stack has no key of it in its stack file; its state has.
        "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "true",
    }
    return Place(context, replace(cloud, variables={**cloud.variables, **own}), shared)
