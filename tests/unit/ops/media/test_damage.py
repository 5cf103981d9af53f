"""Bytes of a copy that were flipped, cut, swapped, lengthened or lost: each is reported, and none is put back."""

from __future__ import annotations

import random

from console.errors import ExplainedError
from ops.media.restoring import IntoBucket, carry_out, plan
from tests.support.media_fakes import FakeBucket
from tests.unit.ops.media import runs
from tests.unit.ops.media.runs import IDENTITY

KINDS = ("flip", "cut", "swap", "lengthen", "lose")


def damaged(whole: dict[str, bytes], chance: random.Random) -> dict[str, bytes]:
    """The same with one change, of files and inventories alike."""
    kept, place, kind = dict(whole), chance.choice(sorted(whole)), chance.choice(KINDS)
    content = bytearray(kept[place])
    if kind == "flip":
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    elif kind == "cut":
        del content[chance.randrange(len(content)) :]
    elif kind == "lengthen":
        content += chance.randbytes(9)
    kept[place] = bytes(content)
    if kind == "swap":
        other = chance.choice([one for one in sorted(whole) if one != place])
        kept[place], kept[other] = kept[other], kept[place]
    elif kind == "lose":
        del kept[place]
    return kept


def test_no_damage_goes_unnoticed() -> None:
    """A hundred, by chance; what is put back is what was uploaded."""
    chance = random.Random(11)  # noqa: S311 - the same damage in every run
    files = {str(number): chance.randbytes(chance.randrange(40_000)) for number in range(8)}
    made = runs.of(files)
    run = made.run().header.id
    whole, reported = dict(made.store.kept), 0

    for _ in range(100):
        made.store.kept, into = damaged(whole, chance), FakeBucket()
        try:
            where = IntoBucket(into)
            done = carry_out(plan(made.shelf.get(run).entries(), where), where, made.store, [IDENTITY])
            reported += done.failures > 0
        except ExplainedError:
            reported += 1
        assert all(files[key] == content for key, (content, _, _) in into.files.items())

    assert reported == 100
