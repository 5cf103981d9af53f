"""How far a restore is: a bar for people who watch, at most 80 columns wide, and nothing for a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

COLUMNS = 80


@contextmanager
def bar(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Of so many bytes; what is yielded is told of more of them, from any thread."""
    if not sys.stderr.isatty():
        yield lambda size: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, width=min(COLUMNS, Console(stderr=True).width))
    columns = (TextColumn("{task.description}"), BarColumn(20), DownloadColumn(), TimeRemainingColumn(compact=True))
    lock = Lock()
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task(what[: COLUMNS - 60], total=total)

        def advance(size: int) -> None:
            with lock:
                shown.advance(task, size)

        yield advance
