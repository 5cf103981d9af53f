"""A release that must not stay goes back: every service that moved, seen to be so, and Pulumi's state made true."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from console.errors import ExplainedError
from infra.config import Stack
from infra.release import Release
from ops.context import Context
from ops.doors.cloud import Cloud
from ops.doors.programs import InterruptedRunError
from ops.doors.render import Render
from ops.releases.configuration import Configurations
from ops.releases.going_back import Back, WayBack
from ops.releases.last_words import last_words
from ops.releases.pending import Note, Pending
from ops.releases.records import Records, crossed
from ops.releases.services import Environment, newest
from ops.releases.verdict import Verdict
from ops.releases.warned import warned
from render_api.errors import RenderError

SHOWS_SECONDS = 120.0  # within which the address has to show the release before
PAUSE = 1.0
PATIENCE = 600  # seconds that a rate limit of Render's is waited for: what is broken serves meanwhile
SHORT = 19  # characters of a digest


class Restoring:
    """Of one environment."""

    def __init__(
        self,
        context: Context,
        cloud: Cloud,
        stack: Stack,
        *,
        note: Note,
        records: Records,
        wait: Callable[[float], None],
    ) -> None:
        self._context, self._cloud, self._stack = context, cloud, stack
        self._note, self._records, self._wait = note, records, wait

    def go_back(self, verdict: Verdict, pending: Pending, known: Configurations, url: str) -> ExplainedError:
        """Roll back all that moved; returns what is to be told of it."""
        environment, say = self._stack.environment, self._context.output.say
        render = self._render()
        words = self._words(render, verdict)
        began = self._context.clock()
        if stays := self._has_to_stay(verdict):
            return stays
        say(f"{verdict.why}: rolling {environment} back to {verdict.version_before[:SHORT]}")
        with warned(say):
            self._note.write(pending.model_copy(update={"phase": "going back", "why": verdict.why}))
        back = self._restore(render, verdict.there, pending, known)
        seen = self._shown(url, verdict) if not back.failed else ""
        seconds = self._context.clock() - began
        true = self._settle(verdict.there, back)
        with warned(say):
            self._record(verdict, back)
        return self._told(verdict, back, words, seen=seen, seconds=seconds, true=true)

    def finish(self, there: Environment, pending: Pending) -> None:
        """What another run has begun, and not ended."""
        environment = self._stack.environment
        self._context.output.say(f"{environment} was going back when a run before was ended: going on with that")
        back = self._restore(self._render(), there, pending, {})
        true = self._settle(there, back)
        if back.failed or not true:
            failed = "; ".join(back.failed.values()) or "Pulumi could not read how it is"
            raise ExplainedError(
                f"{environment} is not back at the release before", failed, hint=f"./slipway up {environment}"
            )

    def _restore(self, render: Render, there: Environment, pending: Pending, known: Configurations) -> Back:
        try:
            return WayBack(render, there, self._wait, self._context.clock).go(pending.before, known)
        except RenderError as error:
            return Back({}, {one.id: str(error) for one in there.services})

    def _words(self, render: Render, verdict: Verdict) -> list[str]:
        with suppress(RenderError):
            began = [str(newest(render, one).get("createdAt", "")) for one in verdict.moved]
            return last_words(render, verdict.suspects, min(filter(None, began)))
        return []

    def _shown(self, url: str, verdict: Verdict) -> str:
        """Why the address does not show the release before; nothing where it does, or has nothing to show."""
        web, path = verdict.there.web, self._stack.application.release
        if not web or web.id not in verdict.before:
            return ""
        wanted, end = verdict.before[web.id].version, self._context.clock() + SHOWS_SECONDS
        while True:
            visit = self._context.doors.visit("GET", url + path)
            if wanted in visit.body:
                return ""
            if self._context.clock() > end:
                return f"{url}{path} does not show {wanted[:SHORT]}: HTTP {visit.status}: {visit.body}"
            self._wait(PAUSE)

    def _settle(self, there: Environment, back: Back) -> bool:
        """Have Pulumi's state say what is there; the note goes only when all of it is well."""
        urns = [urn for one in there.services for urn in one.urns] + list(there.groups.values())
        try:
            code = self._context.doors.pulumi(self._cloud).refresh(self._stack.environment, urns)
        except (InterruptedRunError, ExplainedError):
            code = 1
        if code == 0 and not back.failed:
            with warned(self._context.output.say):
                self._note.remove()
        return code == 0

    def _record(self, verdict: Verdict, back: Back) -> None:
        """Where the release that failed was recorded, the record says again what runs."""
        current, before = self._records.current(), verdict.version_before
        if back.failed or current is None or current.digest != verdict.version or current.digest == before:
            return
        known = (entry.release for entry in self._records.history())
        if found := next((release for release in known if release and release.digest == before), None):
            self._records.put(found.again(instead_of=current.digest, by="the gate", at=datetime.now(UTC)))

    def _has_to_stay(self, verdict: Verdict) -> ExplainedError | None:
        """Where the record says that the release before cannot live with what has become of the database.

        Where it cannot be read, what fails goes back all the same, as each service's own gate would have it.
        """
        entries: list[Release] = []
        with warned(self._context.output.say):
            entries = [entry.release for entry in self._records.history() if entry.release]
        new, old = (
            next((one for one in entries if one.digest == version), None)
            for version in (verdict.version, verdict.version_before)
        )
        lost = [one.name for one in crossed(new, old) if one.reversible is False]
        if not lost:
            return None
        environment = self._stack.environment
        told = "\n".join([verdict.why, *(f"  {line}" for line in verdict.requests)])
        return ExplainedError(
            f"{environment} SERVES A RELEASE THAT FAILED ITS GATE, AND CANNOT GO BACK",
            f"{verdict.version_before[:SHORT]} cannot live with {', '.join(lost)}; what failed: {told}",
            hint=f"forward is the only way: mend it, then ./slipway up {environment}",
        )

    def _told(
        self, verdict: Verdict, back: Back, words: list[str], *, seen: str, seconds: float, true: bool
    ) -> ExplainedError:
        environment, before = self._stack.environment, verdict.version_before[:SHORT]
        there = verdict.there
        names = {one.id: one.name for one in there.services} | dict.fromkeys(there.groups, "env group")
        lines = [f"  {line}" for line in verdict.requests]
        if words:
            lines += ["the application said last:", *(f"  {line}" for line in words)]
        why = verdict.why + "".join(f"\n{line}" for line in lines)
        runs = ", ".join(f"{names[key]} {live.version[:SHORT]}" for key, live in back.restored.items())
        if back.failed or seen:
            failed = "; ".join([*(f"{names[key]}: {reason}" for key, reason in back.failed.items()), seen])
            return ExplainedError(
                f"{environment} IS NOT BACK AT THE RELEASE BEFORE, SOMEBODY HAS TO LOOK NOW",
                f"{failed.strip('; ')}\nrunning now: {runs or 'unknown'}\nit had to go back because {why}",
                hint=f"try that again: ./slipway up {environment}; or by hand: Rollback in Render's dashboard",
            )
        ending = f"restored after {seconds:.1f} s; running now: {runs}"
        hint = f"once that is mended: ./slipway up {environment}"
        if not true:
            hint += " --refresh (Pulumi could not read what runs now)"
        return ExplainedError(f"{environment} was rolled back to {before}", f"{why}\n{ending}", hint=hint)

    def _render(self) -> Render:
        return self._context.doors.render(self._cloud, on_wait=self._context.output.say, patience=PATIENCE)
