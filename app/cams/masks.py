"""What becomes of a column's values in a clone that others may look at: `personal.py` beside the models says it.

These are values, not code: whoever clones carries them out at the copied database, by SQL, before anybody can see it.
"""

from __future__ import annotations

from dataclasses import dataclass

FAKES = ("email", "first_name", "last_name", "name", "phone", "text")


@dataclass(frozen=True)
class Mask:
    """One rule, and what it needs to know."""

    rule: str
    value: str = ""


Masks = dict[str, Mask]
"""Those of a table's columns."""

KEEP = Mask("keep")
"""It is nobody's personal data: it stays."""
NULL = Mask("null")
HASH = Mask("hash")
"""The same text for the same value wherever it stands in the clone, so that what refers to it still does."""
EMPTIED: Masks = {"*": Mask("emptied")}
"""All rows of the table are left out: sessions, tokens, and jobs that would still be done."""


def constant(text: str) -> Mask:
    """This, for everybody."""
    return Mask("constant", text)


def fake(kind: str) -> Mask:
    """Something made up that looks like it, one of `FAKES`; the same for the same value."""
    if kind not in FAKES:
        raise ValueError(f"no fake {kind}: there are {', '.join(FAKES)}")
    return Mask("fake", kind)


def keep(*columns: str) -> Masks:
    """Those columns are nobody's personal data."""
    return dict.fromkeys(columns, KEEP)
