"""The number of the format stands for the fields that the records have."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from localcloud.render.api.app import resource_routes
from localcloud.render.api.store import FORMAT, Frozen

FIELDS = "923d77127221"
"""Of FORMAT. Do older files still fit (a new field has a default)? Then write this one anew, otherwise both."""


def kept(kind: type[Frozen]) -> Iterator[type[Frozen]]:
    """All that is a record or inside of one."""
    for below in kind.__subclasses__():
        yield from kept(below)
        if below.__module__.startswith("localcloud.render."):
            yield below


def test_a_change_of_what_is_kept_is_a_new_format() -> None:
    """A file of before would be misread, or refused by a word that nobody understands."""
    resource_routes()  # which loads every noun

    lines = {
        f"{kind.__module__}.{kind.__name__}.{name}: {field.annotation}"
        for kind in kept(Frozen)
        for name, field in kind.model_fields.items()
    }

    assert len(lines) > 100
    assert (FORMAT, hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:12]) == (4, FIELDS)
