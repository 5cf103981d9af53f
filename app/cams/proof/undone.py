"""A transaction of which nothing stays: how something is tried for real and without effect."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back at its end; who insists on a transaction of its own has it inside."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined] # noqa: SLF001 - else `durable=True` inside refuses it
    with block:
        connection.kept = True  # type: ignore[attr-defined] # our own backend's
        try:
            yield
        finally:
            connection.kept = False  # type: ignore[attr-defined] # as above
            transaction.set_rollback(True)
