"""Several things done at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable

from localcloud.render.runtime.failures import RuntimeFailure


def together(actions: list[Callable[[], None]]) -> list[RuntimeFailure]:
    """Run them at the same time and return what failed."""
    failures: list[RuntimeFailure] = []

    def guarded(action: Callable[[], None]) -> None:
        try:
            action()
        except RuntimeFailure as failure:
            failures.append(failure)

    threads = [threading.Thread(target=guarded, args=(action,), daemon=True) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures
