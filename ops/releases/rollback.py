"""Back to a release of before: by its record, through the same gate, and seen to be so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from console.errors import REFUSED, WRONG_USE, ExplainedError
from infra.config import Stack
from infra.release import Migration, Release
from ops.context import Context
from ops.doors import aws
from ops.environments.approval import approve
from ops.environments.up import Report, bring_up
from ops.releases import passage, services, verify
from ops.releases.authority import Authority
from ops.releases.passage import Passage
from ops.releases.records import Entry, crossed

GONE = ("ImageNotFoundException", "RepositoryNotFoundException")
SHORT = 19
FEWEST = 7  # characters of a digest that are enough, when only one release begins with them


@dataclass(frozen=True)
class Way:
    """From which release to which."""

    current: Release
    """The newest that can be read."""
    target: Release
    number: int
    """Of the newest record, which nobody else may follow meanwhile."""


def roll_back(context: Context, environment: str, to: str | None, *, accepted: Sequence[str], yes: bool) -> Report:
    """Go back to the release before, or to that one. Everything that speaks against it is looked at first."""
    ours = passage.of(context, environment)
    way = ready(ours, to, accepted)
    command = " ".join(["release rollback", environment, *(["--to", to] if to else [])])
    approve(ours.cloud, ours.stack, f"roll back to {way.target.digest[:SHORT]} the release", command, yes=yes)
    record = way.target.again(instead_of=way.current.digest, by=ours.by, at=datetime.now(UTC))
    verify.release(Authority(context, ours.cloud, ours.stack), record)
    ours.record(record, after=way.number, what="release rollback")
    report = bring_up(context, environment, yes=True, what="release rollback")
    require_digest(context, ours, way.target.digest)
    return report


def ready(ours: Passage, to: str | None, accepted: Sequence[str]) -> Way:
    """From which release to which, if nothing speaks against it."""
    stack = ours.stack
    if stack.source != "image":
        raise ExplainedError(
            "refused",
            f"{stack.environment} runs what Render builds of its branch {stack.branch}, "
            "and has no releases to go back to",
            hint=f"git revert COMMIT, and push {stack.branch}",
            code=REFUSED,
        )
    ours.open("release rollback")
    served = {noted.event.after for noted in ours.audit.events() if noted.event.outcome == "done"}
    way = chosen(ours.records.history(), to, stack.environment, served)
    if not (way.current.migrations and way.target.migrations):
        which = "what is released" if not way.current.migrations else way.target.digest[:SHORT]
        ours.context.output.say(f"warning: no record says which migrations {which} has: look that its code can live")
    require_reversible(crossed(way.current, way.target), way.target, stack.environment, accepted)
    require_image(ours.clients("ecr"), stack, way.target.digest)
    return way


def chosen(history: Sequence[Entry], to: str | None, environment: str, served: Collection[str] = ()) -> Way:
    """The release that runs and the one that is meant: by number or digest, or the last that was another one.

    `served`: the digests that the audit saw pass the gate. Of a release that was refused it has none.
    """
    releases = [(entry.number, entry.release) for entry in history if entry.release]
    look = f"./slipway release list {environment}"
    if not releases:
        raise ExplainedError(
            "cannot roll back", f"nothing was released to {environment} yet", hint=look, code=WRONG_USE
        )
    number, current = history[0].number, releases[0][1]
    readable = history[0].release is not None
    if to is None:
        if not readable:
            raise ExplainedError(
                "cannot roll back",
                f"number {number}, which is what is released to {environment}, cannot be read: {history[0].wrong}",
                hint=f"say to which: {look}, then ./slipway release rollback {environment} --to NUMBER",
                code=WRONG_USE,
            )
        before = _before(current, [one for _, one in releases], served)
        if before is None:
            raise ExplainedError(
                "cannot roll back", f"{environment} has had no other release", hint=look, code=WRONG_USE
            )
        return Way(current, before, number)
    found = {one.digest: one for number, one in releases if _is_meant(to, number, one)}
    if len(found) != 1:
        why = (
            f"{to} is no release of {environment}"
            if not found
            else f"{to} may be several: {', '.join(sorted(found))}"
        )
        raise ExplainedError("cannot roll back", why, hint=look, code=WRONG_USE)
    (target,) = found.values()
    if readable and target.digest == current.digest:
        raise ExplainedError(
            "cannot roll back", f"{target.digest[:SHORT]} is what is released", hint=look, code=WRONG_USE
        )
    return Way(current, target, number)


def _before(current: Release, releases: Sequence[Release], served: Collection[str]) -> Release | None:
    """The newest that was not left since: twice back goes two back, and not to what was left a moment ago.

    One that was refused before it served is none to go back to, where the audit can tell.
    """
    left, others = {current.digest}, []
    for one in releases:
        if one.digest not in left:
            others.append(one)
        if one.event == "rolled back" and one.source:
            left.add(one.source)
    seen = [one for one in others if one.digest in served or one.event == "rolled back"]
    return next(iter((served and seen) or others), None)


def _is_meant(to: str, number: int, release: Release) -> bool:
    if to.isascii() and to.isdecimal() and len(to) < FEWEST:
        return number == int(to)
    digits = to.removeprefix("sha256:")
    return len(digits) >= FEWEST and release.digest.removeprefix("sha256:").startswith(digits)


def require_reversible(
    migrations: Sequence[Migration], target: Release, environment: str, accepted: Sequence[str]
) -> None:
    """Refuse the way back across a migration that the older code is not known to live with."""
    left = [one for one in migrations if one.name not in accepted]
    if not left:
        return
    told = ", ".join(
        f"{one.name} ({'it cannot' if one.reversible is False else 'nobody has looked'})" for one in left
    )
    words = " ".join(f"--accept {one.name}" for one in left)
    raise ExplainedError(
        "refused",
        f"{target.digest[:SHORT]} has to live with migrations that it does not know: {told}",
        hint="the way forward: mend the code on top of what runs and release that; where you know that the older "
        f"code lives with the database as it is: ./slipway release rollback {environment} "
        f"--to {target.digest[:SHORT]} {words}",
        code=REFUSED,
    )


def require_image(ecr: Any, stack: Stack, digest: str) -> None:
    """Refuse a release whose image the registry has no longer."""
    ask = {"repositoryName": stack.names.repository, "imageIds": [{"imageDigest": digest}]}
    with aws.told(f"cannot look into the registry of {stack.environment}"):
        found = aws.answer(lambda: ecr.describe_images(**ask), unless=GONE)
    if found is None:
        raise ExplainedError(
            "refused",
            f"the image {digest} is no longer in {stack.names.repository}",
            hint=f"another one: ./slipway release list {stack.environment}; or copy it back from a registry that has "
            f"it (OTHER): crane copy OTHER@{digest} REPOSITORY:restored-{digest.removeprefix('sha256:')[:12]}",
            code=REFUSED,
        )


def require_digest(context: Context, ours: Passage, digest: str) -> None:
    """Every service runs it, by Render's word."""
    there = services.environment(context.doors.pulumi(ours.cloud).resources(ours.stack.environment))
    render = context.doors.render(ours.cloud, on_wait=context.output.say)
    lives = services.all_live(render, there.services)
    names = {one.id: one.name for one in there.services}
    others = [f"{names[key]} runs {live.version[:SHORT]}" for key, live in lives.items() if live.version != digest]
    if others:
        raise ExplainedError(
            f"{ours.stack.environment} does not run {digest[:SHORT]}",
            ", ".join(others),
            hint=f"./slipway up {ours.stack.environment}",
        )
