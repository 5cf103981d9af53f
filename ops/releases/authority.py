"""What a build, a promotion and a verification of one environment have in hand: registry, trust and signer."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from console.errors import REFUSED, ExplainedError
from infra.config import ENVIRONMENTS, Stack
from ops.context import Context
from ops.doors.aws import Clients
from ops.doors.cloud import Cloud
from ops.environments.stacks import load, load_all
from ops.releases import bundles, keys, trust
from ops.releases.passage import Passage
from ops.releases.trust import Trusted
from registry_api.images import Images


@dataclass(frozen=True)
class Authority:
    """One environment's."""

    context: Context
    cloud: Cloud
    stack: Stack

    @property
    def clients(self) -> Clients:
        """AWS's, in the environment's region."""
        return self.context.doors.aws(self.cloud, self.stack.aws.region)

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    def images(self) -> Images:
        """The environment's own repository, which comes with it."""
        return self._found(self.stack)

    def images_of(self, other: Stack) -> Images:
        """The repository of the environment before, which lets this one's role copy out of it, and no more."""
        place = self.images().url.partition("/")[0]
        return self.context.doors.images_at(
            other.names.repository, registry_id=other.aws.account, region=other.aws.region, beside=place
        )

    def trusted(self) -> Trusted:
        """Whom it trusts. On the local cloud its own keys stand for those of the stack files."""
        stacks = load_all()
        return trust.of(self.stack, stacks, self._local_keys(stacks) if self.cloud.is_local else None)

    def sign(self, statement: bytes) -> bytes:
        """The bundle of a statement: by this workflow's identity, else by the environment's key."""
        if self.by_workflow:
            return self.context.doors.sign(statement)
        kms = self.clients("kms")
        public = keys.public_half(kms, self.stack.names)
        if public is None:
            raise ExplainedError(
                "cannot sign",
                f"{self.stack.environment} has no key, and this is no workflow with an identity",
                hint=f"./slipway release key {self.stack.environment}",
                code=REFUSED,
            )
        return bundles.write(statement, keys.sign(kms, self.stack, bundles.encoded(statement)), public)

    @property
    def by_workflow(self) -> bool:
        """Whether we are a job at GitHub that can prove which workflow it is. The local GitHub has no Sigstore."""
        return not self.cloud.is_local and self.context.doors.has_identity()

    @property
    def in_job(self) -> bool:
        """Whether a workflow runs us, at GitHub or on this machine."""
        return os.environ.get("GITHUB_ACTIONS") == "true"

    def passage(self) -> Passage:
        """What every change goes through: it refuses where the environment is locked, and knows who acts."""
        return Passage(self.context, self.cloud, self.stack, self.clients)

    def _found(self, stack: Stack) -> Images:
        name, environment = stack.names.repository, stack.environment
        found = self.context.doors.images(name, registry_id=stack.aws.account, region=stack.aws.region)
        if found is None:
            hint = f"./slipway up {environment}"
            raise ExplainedError(f"there is no registry {name} yet", "it comes with its environment", hint=hint)
        return found

    def _local_keys(self, stacks: Sequence[Stack]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for stack in stacks[: ENVIRONMENTS.index(self.stack.environment) + 1]:
            kms = self.context.doors.aws(self.cloud, stack.aws.region)("kms")
            if public := keys.public_half(kms, stack.names):
                found[stack.environment] = public
        return found


def open_authority(context: Context, environment: str) -> Authority:
    """An environment's, on the cloud that the process environment names."""
    stack = load(environment)
    return Authority(context, context.doors.choose(), stack)
