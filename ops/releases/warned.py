"""What is written down about a change is no reason to leave it half done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from console.errors import ExplainedError
from console.output import Say


@contextmanager
def warned(say: Say) -> Iterator[None]:
    """What fails inside is told in a line, and stops nothing: credentials that have run out, a limit, no network."""
    try:
        yield
    except ExplainedError as error:
        say(f"warning: {error}".partition("\n")[0])
