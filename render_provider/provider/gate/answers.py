"""What the public address answers after a release has been seen there: again and again, and from every instance."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from render_api.errors import RefusedError
from render_provider.provider.gate.failure import Failed, GateError
from render_provider.provider.probe import Answer
from render_provider.provider.task import Task
from render_provider.provider.verify import Kind, Probe, judge

BAD = 3  # so many answers that are none of a release in order; a single one may be the switch itself
LIMIT = 60.0  # seconds in which the answers have to be the release's alone
PAUSE, STEADY_PAUSE = 0.1, 1.0
UNSEEN = 20  # so many answers for each instance, and one of them has not answered: it does not serve
TRIES = 3


class Row:
    """Answers in a row that show the release."""

    def __init__(self, task: Task, probe: Probe, url: str, text: str, *, instances: Callable[[], set[str]]) -> None:
        self._task, self._probe, self._url, self._text = task, probe, url, text
        self._instances = instances
        self._length = 0
        self._seen: set[str] = set()
        self._bad: list[Failed] = []
        self._last: Answer | None = None
        self._awaited: set[str] | None = None

    @property
    def broken(self) -> bool:
        """Whether the last answer was none of the release."""
        return self._length == 0

    def look(self) -> None:
        """One more answer; `GateError` when there were too many of another kind."""
        self._last = answer = self._probe(self._url)
        kind = judge(answer, self._text, None)
        if kind is Kind.SHOWN and answer:
            self._length += 1
            self._seen.add(answer.instance)
            return
        self._length, self._seen = 0, set()
        if kind is Kind.OLD:
            return  # an instance of the release before it, which is about to end
        self._bad.append(Failed(self._url, answer))
        if len(self._bad) >= BAD:
            raise GateError(f"{self._url} has shown it and then fails again and again", self._bad)

    def complete(self, consecutive: int, meanwhile: Callable[[], None]) -> None:
        """Look until so many answers for each instance, and one of each, have come in a row."""
        clock = self._task.client.clock
        end = clock.now() + LIMIT
        while True:
            meanwhile()
            self.look()
            running = self._running() if self._length >= consecutive else None
            if running is not None and self._length >= consecutive * max(1, len(running)) and self._all_seen(running):
                return
            if clock.now() > end:
                if running is None and self._length >= consecutive:
                    self._task.warn(
                        f"Render does not tell which instances run: {self._length} answers have to suffice"
                    )
                    return
                raise GateError(
                    f"{self._url} does not show it alone: {self._length} answers in a row after {LIMIT:.0f} s",
                    [Failed(self._url, self._last)],
                )
            clock.sleep(PAUSE)

    def _running(self) -> set[str] | None:
        """Those that have to answer; one that Render adds meanwhile need not yet. None: it cannot tell now."""
        try:
            running = self._instances()
        except RefusedError:
            return None
        self._awaited = running if self._awaited is None else running & self._awaited
        return self._awaited

    def _all_seen(self, running: set[str]) -> bool:
        missing = running - self._seen
        if not missing:
            return True
        if len(running) == 1:
            return True
        if not running & self._seen:
            self._task.note(
                f"{self._url} does not say which of {len(running)} instances answers: {self._length} answers suffice"
            )
            return True
        if self._length >= UNSEEN * len(running):
            names = ", ".join(sorted(missing))
            raise GateError(f"of its {len(running)} instances {names} answered none of {self._length} requests")
        return False


def smoke(task: Task, probe: Probe, url: str, expected: dict[str, int]) -> None:
    """Ask each path of the address once, and again where it answers otherwise; `GateError` with all that do."""
    address = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    wrong: list[Failed] = []
    for path, status in sorted(expected.items()):
        for attempt in range(TRIES):
            answer = probe(address + path)
            if answer and not answer.circular and status in (answer.status, answer.first):
                break
            if attempt < TRIES - 1:
                task.client.clock.sleep(STEADY_PAUSE)
        else:
            wrong.append(Failed(address + path, answer))
    if wrong:
        listed = ", ".join(f"{path} {status}" for path, status in sorted(expected.items()))
        raise GateError(f"{len(wrong)} of its smoke requests fail (they have to answer {listed})", wrong)
