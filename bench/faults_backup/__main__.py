"""`python -m bench.faults_backup [TIMES] [FLIPS] [SEED]`: nothing bad passes for good, and nothing good is lost."""

from __future__ import annotations

import random
import sys
import time

from bench.faults_backup.flips import flips
from bench.faults_backup.trials import Backups, Restores, Tally
from bench.faults_backup.world import world


def run(times: int, flipped: int, seed: int) -> list[Tally]:
    """So many faults in backups, in restores, and so many changes of stored bytes."""
    chance = random.Random(seed)  # noqa: S311 - moments, no secrets
    with world() as place:
        backups = Backups(place, chance)
        restores = Restores(place, chance)
        changes = Tally()
        flips(place, chance, flipped, changes)
        _tell(changes, f"{flipped} changes")
        for number in range(times):
            for one, what in ((backups, "backup"), (restores, "restore")):
                wrong = len(one.tally.wrong)
                one.trial(number)
                for said in one.tally.wrong[wrong:]:
                    print(f"WRONG {what} {number}: {said}", flush=True)
        _tell(backups.tally, f"{times} faults in backups of {min(backups.seconds.values()):.1f} s")
        _tell(restores.tally, f"{times} faults in restores of {min(restores.seconds.values()):.1f} s")
        return [changes, backups.tally, restores.tally]


def _tell(tally: Tally, what: str) -> None:
    print(f"{what}: {len(tally.wrong)} wrong")
    for name, count in sorted(tally.trials.items()):
        print(f"  {count:5}  {name}")
    for said in tally.wrong[:20]:
        print(f"  WRONG  {said}", flush=True)


def main() -> None:
    """Exit code 1 where anything was wrong."""
    given = [int(word) for word in sys.argv[1:]]
    times, flipped, seed = [*given, *(100, 1000, 1)[len(given) :]]
    began = time.monotonic()
    tallies = run(times, flipped, seed)
    print(f"seed {seed}, {time.monotonic() - began:.0f} s")
    sys.exit(any(tally.wrong for tally in tallies))


if __name__ == "__main__":
    main()
