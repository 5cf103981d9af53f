"""Whether a report is what a drill told: its signature holds, and is by the key that it says opened the backup."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from console.errors import ExplainedError
from ops.backups.keys import Key
from ops.drills.signature import Signed, is_sound, public


@dataclass(frozen=True)
class Verdict:
    """What is known of a signature, in words."""

    holds: bool
    why: str


def verify(signed: Signed, key: Callable[[], Key]) -> Verdict:
    """By whoever holds the key. Who signed with another one is told: its holder verifies it."""
    if signed.signature is None:
        return Verdict(False, "there is none: no key was had")
    if not is_sound(signed):
        return Verdict(False, "it does not hold: the report was changed after it was signed")
    opened = signed.report.opened
    try:
        held = key()
    except ExplainedError as error:
        return Verdict(False, f"whose it is cannot be told: {str(error).partition(chr(10))[0]}")
    for identity in held.identities:
        if public(str(identity)) == signed.signature.public:
            who = opened.recipient if opened else ""
            if who != str(identity.to_public()):
                return Verdict(False, f"the report names another key than the one that signed it: {who or 'none'}")
            return Verdict(True, f"it holds, by the {held.kind} key {who}")
    other = f"the {opened.by} key {opened.recipient}" if opened else "another key"
    return Verdict(False, f"it is by {other}, of which {held.where} knows nothing: --key FILE verifies it")
