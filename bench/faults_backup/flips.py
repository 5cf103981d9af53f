"""Stored bytes that are not what was stored: flipped, cut, swapped; none of it may pass for good."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.faults_backup.trials import Tally
from bench.faults_backup.world import World
from console.errors import ExplainedError
from ops.backups import keys
from ops.backups.store import Kept, Store
from ops.backups.verify import verify
from ops.doors.objects import Entry, Objects
from ops.doors.postgres_archive import parse

CHUNK = 1 << 16


@dataclass
class Altered:
    """A bucket in which some objects are not what they were."""

    objects: Objects
    cache: dict[str, bytes] = field(default_factory=dict)
    other: dict[str, bytes] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.objects.name

    def get(self, key: str) -> bytes:
        """What seems to lie there."""
        if key not in self.cache:
            self.cache[key] = self.objects.get(key)
        return self.other.get(key, self.cache[key])

    def read(self, key: str) -> Iterator[bytes]:
        """In pieces."""
        content = self.get(key)
        for at in range(0, len(content), CHUNK):
            yield content[at : at + CHUNK]

    def list(self, prefix: str) -> Iterator[Entry]:
        """With the sizes that they seem to have."""
        for one in self.objects.list(prefix):
            yield Entry(one.key, len(self.get(one.key)), one.modified)


def flips(world: World, chance: random.Random, times: int, tally: Tally) -> None:
    """Each time another change, in one of the backups that are there."""
    place = world.place("source")
    altered = Altered(place.objects)
    store = Store(altered, "staging")  # type: ignore[arg-type] # it only reads
    identities = keys.key(place.stack, place.clients, world.key).identities

    def is_good(one: Kept) -> bool:
        try:
            found = next(there for there in store.backups() if there.id == one.id)
            verify(store.manifest(found), altered, identities, parse)  # type: ignore[arg-type] # likewise
        except ExplainedError:
            return False
        return True

    kept = store.backups()
    for one in kept:
        if not is_good(one):
            tally.wrong.append(f"good backup {one.id} is reported bad")
    for _ in range(times):
        one = chance.choice(kept)
        how, altered.other = _change(altered, one, kept, chance)
        if is_good(one):
            tally.wrong.append(f"{how}: {one.id} is reported good")
        altered.other = {}
        tally.trials[how] += 1


def _change(altered: Altered, one: Kept, kept: list[Kept], chance: random.Random) -> tuple[str, dict[str, bytes]]:
    while True:
        key = chance.choice(sorted(one.objects))
        content = altered.get(key)
        how = chance.choice(("flip", "cut", "swap blocks", "swap objects", "lengthen"))
        place = chance.randrange(len(content))
        other = {key: content}
        if how == "flip":
            changed = bytearray(content)
            changed[place] ^= 1 << chance.randrange(8)
            other = {key: bytes(changed)}
        elif how == "cut":
            other = {key: content[:place]}
        elif how == "lengthen":
            other = {key: content + content[place : place + 64]}
        elif how == "swap blocks":
            size = min(chance.choice((1, 16, 4096)), len(content) // 2)
            to = chance.randrange(len(content) - size + 1)
            start = min(place, len(content) - size)
            if abs(start - to) >= size:
                first, second = sorted((start, to))
                a, b = content[first : first + size], content[second : second + size]
                other = {key: content[:first] + b + content[first + size : second] + a + content[second + size :]}
        else:
            name = chance.choice([name for there in kept for name in there.objects if name != key])
            other = {key: altered.get(name)} | ({name: content} if name in one.objects else {})
        if other[key] != content:
            where = "manifest" if key.endswith(".json") else "part"
            return f"{how} of a {where}", other
