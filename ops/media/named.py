"""Whether every file that the database names is in a copy: both in the order of the keys, so nothing is held."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ops.doors import media_names
from ops.media.entries import Entry
from ops.media.inventory import Column, Inventory

EXAMPLES = 20  # that are told of a column

Names = Callable[[str, str, str], Iterator[str]]  # of a database, a table's column


@dataclass(frozen=True)
class Missing:
    """What the database names and the copy does not have."""

    checked: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)  # by table.column
    examples: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.counts.values())

    def sentences(self) -> list[str]:
        """For people and reports."""
        return [
            f"{where} names {count} files that the copy does not have, such as {self.examples[where][0]}"
            for where, count in self.counts.items()
            if count
        ]


def check(
    url: str,
    inventory: Inventory,
    columns: Sequence[Column] | None = None,
    *,
    names: Names = media_names.names,
    is_new: Callable[[str], bool] = lambda key: False,
) -> Missing:
    """By the columns that the inventory itself names, or by others; `is_new` knows files younger than the copy."""
    checked, counts, examples = 0, dict[str, int](), dict[str, list[str]]()
    for one in inventory.header.columns if columns is None else columns:
        where = f"{one.table}.{one.column}"
        counts.setdefault(where, 0)
        asked = _Counted(f"{one.prefix}{name}" for name in names(url, one.table, one.column))
        for key in absent(asked, inventory.entries()):
            if not is_new(key):
                counts[where] += 1
                examples.setdefault(where, [])
                if len(examples[where]) < EXAMPLES:
                    examples[where].append(key)
        checked += asked.count
    return Missing(checked, counts, examples)


def absent(keys: Iterable[str], entries: Iterator[Entry]) -> Iterator[str]:
    """The keys that no entry has."""
    entry = next(entries, None)
    for key in keys:
        while entry is not None and entry.key < key:
            entry = next(entries, None)
        if entry is None or entry.key != key:
            yield key


def declared(application: Any) -> tuple[Column, ...]:
    """As the application says: its file fields, and what `MEDIA_KEYS` of a model names (ops/doors/django_side)."""
    return tuple(Column(**one) for one in application.ask("media"))


class _Counted:
    """Keys, counted as they go by."""

    def __init__(self, keys: Iterator[str]) -> None:
        self._keys, self.count = keys, 0

    def __iter__(self) -> Iterator[str]:
        for key in self._keys:
            self.count += 1
            yield key
