"""Whether the table notices that a policy was changed: the mutant is put where it hangs, and cells asked again."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from botocore.exceptions import ClientError

from bench.isolation import table
from bench.isolation.mutants import Mutant, mutants
from bench.isolation.policies import Asked, Policy
from bench.isolation.scene import Scene

# What changes nothing that anybody could do, and why; by the policy without its environment, and the mutant.
EQUIVALENT = {
    "* Report: with cloudwatch:*": "no other action of CloudWatch knows the namespace, which is asked for",
    "* Seal: with kms:*": "S3 asks for nothing else of a key",
    "backup NeverOverwrite: with s3:*": "nothing but a put makes an object",
    "backup NeverDelete: without s3:BypassGovernanceRetention": "it frees only what is then deleted or kept shorter",
    "deploy StateKey: on everything": "one key has the alias that is asked for",
    "deploy SignRelease: on everything": "the same",
    "deploy WhoBuilt: on everything": "the same",
    "bucket * OwnKeyOnly: with s3:*": "nothing but a put names a key",
    "key Alarms: with kms:*": "SNS asks for nothing else of a key",
}


@dataclass
class Count:
    """What became of the mutants."""

    caught: int = 0
    equivalent: int = 0
    impossible: int = 0
    """AWS takes no such policy."""
    missed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.caught} caught, {len(self.missed)} missed, "
            f"{self.equivalent} equivalent, {self.impossible} that AWS does not take"
        )

    @property
    def share(self) -> float:
        """Of those that change something, the caught ones."""
        return self.caught / max(1, self.caught + len(self.missed))


def judge(scene: Scene, home: str, policies: Iterable[Policy], count: Count, every: int = 1) -> None:
    """Put each mutant (or one of so many) of an environment's policies, and put each policy back."""
    for policy in policies:
        chosen = list(mutants(policy.document))[::every]
        for denies in (False, True):
            mine = [mutant for mutant in chosen if mutant.denies == denies]
            with table.almighty(scene, home) if mine and denies and policy.denied else nullcontext():
                for mutant in mine:
                    _judge(policy, mutant, policy.denied if denies and policy.denied else policy.cells, count)


def _judge(policy: Policy, mutant: Mutant, cells: Iterable[Asked], count: Count) -> None:
    name = f"{policy.name} {mutant}"
    if any(fnmatchcase(name.partition(" ")[2], pattern) for pattern in EQUIVALENT):
        count.equivalent += 1
        return
    try:
        policy.put(mutant.document)
    except ClientError:
        count.impossible += 1
        return
    try:
        is_caught = any(cell.differs() for cell in _concerned(mutant, cells))
    finally:
        policy.put(policy.document)
    if is_caught:
        count.caught += 1
    else:
        count.missed.append(name)


def _concerned(mutant: Mutant, cells: Iterable[Asked]) -> list[Asked]:
    """Those that the mutant can change, its own environment's first."""
    could = [cell for cell in cells if cell.is_allowed != mutant.gives and _is_about(cell.action, mutant.actions)]
    return sorted(could, key=lambda cell: not cell.is_own)


def _is_about(action: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(action, pattern) for pattern in patterns)
