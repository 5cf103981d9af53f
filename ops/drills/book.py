"""A drill's steps as they are gone through: one that fails hides none that can still be gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from console.output import Say
from ops.drills.report import FAILED, PASSED, SKIPPED, Step, duration


@dataclass
class Told:
    """What came of a step: what is wrong, and what else is worth to be known."""

    findings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


Work = Callable[[], Told]


@dataclass(frozen=True)
class Task:
    """A step to go, after those that it needs: they have to have come to their end, whatever they found."""

    name: str
    title: str
    work: Work
    needs: tuple[str, ...] = ()


@dataclass
class Book:
    """Of one drill."""

    clock: Callable[[], float]
    say: Say
    steps: list[Step] = field(default_factory=list)
    stopped: set[str] = field(default_factory=set)

    def go(self, name: str, title: str, work: Work, *, needs: Sequence[str] = ()) -> None:
        """The next one."""
        self._note(self._gone(Task(name, title, work, tuple(needs))))

    def side_by_side(self, *chains: Sequence[Task]) -> None:
        """Several that only read, each chain one after the other: noted in their order."""
        with ThreadPoolExecutor(max(1, len(chains)), "drill") as pool:
            for steps in pool.map(lambda chain: [self._gone(task) for task in chain], chains):
                for step in steps:
                    self._note(step)

    @contextmanager
    def beside(self, task: Task) -> Iterator[Callable[[], None]]:
        """One that is gone while the block goes others; what is given waits for it, and notes it."""
        with ThreadPoolExecutor(1, "drill") as pool:
            future = pool.submit(self._gone, task)
            yield lambda: self._note(future.result())

    def ended(self, name: str) -> bool:
        """Whether that one came to its end."""
        return name not in self.stopped and any(step.name == name for step in self.steps)

    def _gone(self, task: Task) -> Step:
        lacking = [name for name in task.needs if not self.ended(name)]
        if lacking:
            self.stopped.add(task.name)
            note = f"not tried: it needs the step {' and '.join(lacking)}"
            return Step(name=task.name, title=task.title, outcome=SKIPPED, notes=(note,))
        began = self.clock()
        try:
            told = task.work()
        except Exception as error:  # noqa: BLE001 - whatever stops a step is what the drill found
            self.stopped.add(task.name)
            return Step(
                name=task.name,
                title=task.title,
                outcome=FAILED,
                findings=(_why(error),),
                seconds=self._since(began),
            )
        return Step(
            name=task.name,
            title=task.title,
            outcome=FAILED if told.findings else PASSED,
            findings=tuple(told.findings),
            notes=tuple(told.notes),
            seconds=self._since(began),
        )

    def _since(self, began: float) -> float:
        return round(self.clock() - began, 3)

    def _note(self, step: Step) -> None:
        self.steps.append(step)
        took = f" in {duration(step.seconds)}" if step.outcome != SKIPPED else ""
        self.say(f"{step.outcome:<7} {step.title}{took}")


def _why(error: Exception) -> str:
    """Its first paragraph: a hint is for whoever types a command."""
    said = str(error).strip().partition("\n\n")[0]
    return " ".join(said.split()) or type(error).__name__
