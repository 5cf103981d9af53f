"""Every cell of the table: one identity, one thing that it could want, one environment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from bench.isolation.expected import is_allowed
from bench.isolation.place import Place
from bench.isolation.scene import ADMINISTRATOR, Identity, Scene
from bench.isolation.wants.every import WANTS

# What administrators are asked for: that nothing but a deny stops them needs no table.
_OF_DENIED = {
    "backup as an administrator": ("backups", "media"),
    "administrator": ("backups", "media", "logs", "state"),
}
_ALMIGHTY = "backup as an administrator"


AT_ONCE = 4


@dataclass(frozen=True)
class Cell:
    """One call, and what the design says of it."""

    who: Identity
    what: str
    where: Place

    @property
    def action(self) -> str:
        """IAM's."""
        return WANTS[self.what].action

    @property
    def is_own(self) -> bool:
        """Whether it is about the identity's own environment."""
        return self.who.home == self.where.environment

    @property
    def is_allowed(self) -> bool:
        """By the design."""
        return is_allowed(self.who.who, self.who.home, self.what, self.where.environment)

    def differs(self) -> bool:
        """Make the call, and say whether AWS answers otherwise than the design says."""
        return WANTS[self.what].is_refused(self.who.clients, self.where) == self.is_allowed

    def __str__(self) -> str:
        return f"{self.who}: {self.what} of {self.where.environment}"


def cells(scene: Scene, environments: Sequence[str]) -> list[Cell]:
    """Every one for these environments' identities and things."""
    return [
        Cell(who, what, scene.places[name])
        for who in scene.identities
        if who.home is None or who.home in environments
        for name in environments
        for what in WANTS
        if _is_asked(who, what, name)
    ]


def denied_cells(scene: Scene, home: str) -> list[Cell]:
    """What the backup identity could do if somebody made it an administrator, too."""
    who = Identity(_ALMIGHTY, home, scene.identity("backup", home).clients)
    return [Cell(who, what, scene.places[home]) for what in WANTS if _is_asked(who, what, home)]


@contextmanager
def almighty(scene: Scene, home: str) -> Iterator[None]:
    """Make an environment's backup identity an administrator for a while: only what denies is left in its way."""
    iam, name = scene.administrator("iam"), scene.stacks[home].names.identity("backup")
    iam.attach_role_policy(RoleName=name, PolicyArn=ADMINISTRATOR)
    try:
        yield
    finally:
        iam.detach_role_policy(RoleName=name, PolicyArn=ADMINISTRATOR)


def wrong(asked: Iterable[Cell]) -> list[str]:
    """The cells in which AWS answers otherwise than the design says; each identity asks by itself, some at a time."""
    by_identity: dict[str, list[Cell]] = {}
    for cell in asked:
        by_identity.setdefault(str(cell.who), []).append(cell)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = pool.map(lambda mine: [cell for cell in mine if cell.differs()], by_identity.values())
        return [f"{cell}: {'refused' if cell.is_allowed else 'allowed'}" for mine in found for cell in mine]


def _is_asked(who: Identity, what: str, where: str) -> bool:
    things = _OF_DENIED.get(who.who)
    if things is None:
        return True
    thing, _, wanted = what.partition(": ")
    return who.home == where and thing in things and (who.who == _ALMIGHTY or wanted in _OF_BUCKET_POLICIES)


_OF_BUCKET_POLICIES = (
    "list", "find", "read", "read with a client's key", "write", "overwrite", "write with its key named",
    "write with S3's key", "write with AWS's key", "write with a client's key", "begin an upload", "end an upload",
    "abort an upload", "delete", "list in the clear", "read in the clear", "read what all share",
)  # fmt: skip
