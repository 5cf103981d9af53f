"""Who is trusted to have built what an environment runs, as the stack files say (docs/adr/0049)."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from infra.config import ENVIRONMENTS, Stack
from ops.releases.bundles import hint

COMMAND = "slipway"  # builds where no workflow does: our own launcher


@dataclass(frozen=True)
class Trusted:
    """The one repository, its one workflow, and the branches with the keys that may speak for each."""

    repository: str
    repository_id: int
    workflow: str
    keys: Mapping[str, frozenset[bytes]]  # by branch: public halves, DER
    max_age: timedelta

    @property
    def branches(self) -> frozenset[str]:
        return frozenset(self.keys)

    def builder(self, path: str, branch: str) -> str:
        """How a certificate and a provenance name who builds: a file, as it is on a branch of the repository."""
        return f"{self.repository}/{path}@refs/heads/{branch}"

    def known(self, key_hint: str) -> list[bytes]:
        """The keys that a bundle may mean."""
        return sorted({key for keys in self.keys.values() for key in keys if hint(key) == key_hint})

    def may_speak_for(self, key: bytes) -> frozenset[str]:
        """The branches of what a key may have signed."""
        return frozenset(branch for branch, keys in self.keys.items() if key in keys)


def of(stack: Stack, stacks: Sequence[Stack], local_keys: Mapping[str, bytes] | None = None) -> Trusted:
    """What an environment trusts: builds of its own branch, and those of the branches that are promoted to it.

    `local_keys` are the local cloud's own, by environment: there they stand for those in the stack files, whose
    private halves are elsewhere.
    """
    keys: dict[str, set[bytes]] = {}
    for one in stacks:
        if ENVIRONMENTS.index(one.environment) <= ENVIRONMENTS.index(stack.environment):
            theirs = {base64.b64decode(key) for key in one.release.keys}
            if local_keys is not None:
                theirs = {local_keys[one.environment]} if one.environment in local_keys else set()
            keys.setdefault(one.branch, set()).update(theirs)
    return Trusted(
        stack.github.url,
        stack.github.repository_id,
        stack.release.workflow,
        {branch: frozenset(theirs) for branch, theirs in keys.items()},
        timedelta(days=stack.release.max_age_days),
    )
