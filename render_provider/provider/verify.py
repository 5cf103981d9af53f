"""Waiting until a URL shows what was deployed. An answer that is an error is an answer: it ends the wait."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from render_provider.provider.probe import Answer
from render_provider.provider.task import Task, TimedOutError

Probe = Callable[[str], "Answer | None"]

LIMIT = 300  # seconds in which the address has to answer at all
PAUSE = 2.0  # seconds between two looks, at most
ASKED = 60  # seconds, at most, that are given to an answer which asks for them
IN_A_ROW = 3  # one bad answer, or two, may be the switch itself


class Kind(Enum):
    """What an answer says of a release that Render calls live; how many seconds in a row it may say so."""

    SHOWN = ("shown", 0)
    SILENT = ("not answering", LIMIT)  # also when the edge itself says that nothing is routed there yet
    MUTE = ("not answering", 60)  # no word where there was one before: it hangs, and has the traffic
    UNREACHED = ("not reached by Render's edge", 60)
    OLD = ("answering without it", 60)  # Render ends the instances before it a minute after the switch
    REFUSED = ("refusing", 20)
    BROKEN = ("failing", 5)

    def __init__(self, words: str, patience: float) -> None:
        self.words = words
        self.patience = patience


class WrongAnswerError(Exception):
    """The URL has answered, and for long enough, with something else."""

    def __init__(self, answer: Answer, kind: Kind, times: int, seconds: float) -> None:
        super().__init__(f"{answer}, {times} times in {seconds:.0f} s")
        self.answer = answer
        self.kind = kind


def judge(answer: Answer | None, text: str, before: Answer | None) -> Kind:
    """What this answer says. `before`: the answer before the deploy; one like it may still come from there."""
    if answer is None and before:
        return Kind.MUTE
    if answer is None or answer.routing:
        return Kind.SILENT
    if answer.circular:
        return Kind.BROKEN
    if answer.status < 400:
        return Kind.SHOWN if text in answer.text else Kind.OLD
    if answer.status in (502, 504):  # not the service's: the edge says that it does not get through to it
        return Kind.UNREACHED
    if before and answer.status == before.status:
        return Kind.OLD
    return Kind.BROKEN if answer.status >= 500 else Kind.REFUSED


def wait_until_shown(
    task: Task,
    probe: Probe,
    url: str,
    text: str,
    before: Answer | None,
    meanwhile: Callable[[], None] = lambda: None,
) -> None:
    """Look until the URL answers with the text; something else, said long enough, is a `WrongAnswerError`."""
    clock = task.client.clock
    last, since, times = Kind.SILENT, clock.now(), 0

    def look() -> Kind:
        nonlocal last, since, times
        meanwhile()
        answer = probe(url)
        kind = judge(answer, text, before)
        if kind is not last:
            last, since, times = kind, clock.now(), 0
        times += 1
        waited = clock.now() - since
        if kind is Kind.MUTE and times >= IN_A_ROW and waited >= kind.patience:
            hint = "see what it waits for, mend that and run `pulumi up` again"
            raise TimedOutError(f"{url} with {text[:19]}", f"{kind.words}, for {waited:.0f} s", hint=hint)
        patience = max(kind.patience, min(answer.later, ASKED)) if answer else kind.patience
        if answer and kind not in (Kind.SHOWN, Kind.SILENT) and times >= IN_A_ROW and waited >= patience:
            raise WrongAnswerError(answer, kind, times, waited)
        return kind

    task.wait(
        f"{url} with {text[:19]}",
        look,
        lambda kind: kind is Kind.SHOWN,
        limit=LIMIT,
        status=lambda kind: kind.words,
        pause=PAUSE,
    )
