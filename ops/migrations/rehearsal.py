"""Rehearses what is pending on a copy of an environment's data, and has the release before work with the outcome.

The copy is in a scratch server on this machine, and gone when the rehearsal ends; after a kill, when the next begins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from console.errors import ExplainedError
from console.output import Say
from infra.config import Stack
from infra.release import Release
from ops.context import Context
from ops.doors.application import Django
from ops.doors.postgres import CopyError, Scratch
from ops.environments.stacks import load
from ops.migrations import schema, source
from ops.migrations.applying import APPLIED, Step, apply
from ops.migrations.before import GET, Before, new_failures, release_before
from ops.migrations.lint import LEAST_REASON, key
from ops.migrations.locks import LIMIT_MS
from ops.migrations.look import application
from ops.migrations.schema import Rows, Snapshot
from ops.releases import records

NAMES = "SELECT app || '.' || name FROM django_migrations"
HAS_HISTORY = "SELECT to_regclass('django_migrations') IS NOT NULL"
COPY = "copy"
STATEMENT = 120  # characters of one, for people
SIZE = "SELECT pg_database_size(current_database())"


@dataclass(frozen=True)
class Problem:
    """Why this must not be released, or, with a reason, why somebody has said that it may."""

    rule: str
    migration: str
    what: str
    accepted: str = ""


@dataclass(frozen=True)
class Copy:
    """What was rehearsed on: of how many bytes, and which rows; `made_up` where it is a copy of nobody's data."""

    size: int
    rows: Mapping[str, int]
    seconds: float
    made_up: bool = False


@dataclass(frozen=True)
class Ground:
    """Where it happens: a scratch server, and the copy in it."""

    scratch: Scratch
    url: str
    rows: Rows
    say: Say


@dataclass(frozen=True)
class Rehearsal:
    """What happened. `reversed`: the way back was gone as well, and nothing was lost; None where there is none."""

    environment: str
    before: str
    same_packages: bool
    copy: Copy
    steps: tuple[Step, ...] = ()
    problems: tuple[Problem, ...] = ()
    reversed: bool | None = None
    one_way: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()
    """What the release before could not answer on its own schema either, as a page that it does not have yet."""

    @property
    def blocking(self) -> tuple[Problem, ...]:
        """Those that nobody has accepted."""
        return tuple(problem for problem in self.problems if not problem.accepted)


def rehearse(
    context: Context, environment: str, *, ref: str = "", source_url: str = "", scratch_url: str = "", seeded: int = 0
) -> Rehearsal:
    """Copy, apply, have the release before work with it, and go back.

    `seeded`: no cloud is asked, and instead of a copy the release before makes a database of that many rows a table.
    """
    stack = load(environment)
    release, data = (None, "") if seeded else _there(context, stack, source_url)
    with release_before(context, stack, release, ref) as old:
        if seeded and _same_migrations(old.django, application(context, stack)):
            return Rehearsal(environment, old.ref, old.same_packages, Copy(0, {}, 0, made_up=True))
        return _rehearse(context, stack, old, data, scratch_url, seeded)


def _rehearse(context: Context, stack: Stack, old: Before, data: str, scratch_url: str, seeded: int) -> Rehearsal:
    environment = stack.environment
    with context.doors.scratch(stack.database.version, scratch_url) as scratch:
        began = context.clock()
        url = scratch.create(COPY)
        if seeded:
            context.output.say(
                f"having {old.ref} make a database in a scratch PostgreSQL, with {seeded} rows a table"
            )
            _make_up(context, old, url, seeded)
        else:
            context.output.say(f"copying the data of {environment} into a scratch PostgreSQL on this machine")
            _fill(scratch, url, data, environment)
        seconds = round(context.clock() - began, 1)
        ground = Ground(scratch, url, context.doors.rows, context.output.say)
        return on_copy(ground, application(context, stack), old, environment, seconds, made_up=bool(seeded))


def _same_migrations(old: Django, new: Django) -> bool:
    """Asked of the code alone: no database has to be made where there is nothing to apply."""
    before, now = ({key(one) for one in django.ask("graph")} for django in (old, new))
    return now <= before


def _there(context: Context, stack: Stack, source_url: str) -> tuple[Release | None, str]:
    """What runs in an environment, and where its data is."""
    cloud = context.doors.choose()
    release = records.of(stack, context.doors.aws(cloud, stack.aws.region)).current()
    return release, source_url or source.address(context, stack)


def _make_up(context: Context, old: Before, url: str, rows: int) -> None:
    for one in old.django.ask("apply", url):
        if one["error"]:
            raise ExplainedError(
                "cannot make a database to rehearse with",
                f"{one['app']}.{one['name']} of {old.ref} fails: {one['error']}",
                hint="name a commit whose migrations can be applied: --before REF",
            )
    for model, why in old.django.ask("fill", url, rows=rows).items():
        context.output.say(f"no rows of {model}: {why}")


def on_copy(
    ground: Ground, django: Django, old: Before, environment: str, seconds: float, *, made_up: bool = False
) -> Rehearsal:
    """What happens there to the release before when this one is applied."""
    pending = _pending(ground, django)
    one_way = tuple(name for name, one in pending.items() if not one["reversible"])
    snapshot = schema.take(ground.rows, ground.url, content=bool(pending) and not one_way)
    ((size,),) = ground.rows(ground.url, SIZE)
    copy = Copy(size, snapshot.rows, seconds, made_up)
    so_far = Rehearsal(environment, old.ref, old.same_packages, copy, one_way=one_way)
    if not pending:
        return so_far
    ground.say(f"having {old.ref} work with the copy as it is")
    worked = _worked(ground, old, COPY)
    unasked = tuple(f"{what}: {why}" for what, why in worked.items() if what.startswith(GET))
    if "start" in worked or len(unasked) == len(old.requests):
        raise ExplainedError(
            f"cannot rehearse for {environment}",
            f"{old.ref} does not even work with its own schema: {worked.get('start') or unasked[0]}",
            hint=f"name the commit that runs there: ./slipway migrations rehearse {environment} --before REF",
        )
    ground.say(f"applying {', '.join(pending)}")
    so_far = replace(so_far, unasked=unasked)
    applied, steps = apply(ground.scratch, COPY, django, ground.say)
    problems = _of_steps(steps, pending)
    if any(step.error for step in steps):
        return replace(so_far, steps=steps, problems=tuple(problems))
    ground.say(f"having {old.ref} work with the new schema")
    for what, why in new_failures(worked, _worked(ground, old, APPLIED)).items():
        problems.append(_problem("code-before", f"{what}: {why}", pending))
    after = replace(ground, url=applied)
    reversed_ = None if one_way else _reversed(after, django, snapshot, pending, problems)
    return replace(so_far, steps=steps, problems=tuple(problems), reversed=reversed_)


def _fill(scratch: Scratch, url: str, data: str, environment: str) -> None:
    try:
        scratch.fill(url, data)
    except CopyError as error:
        raise ExplainedError(
            f"cannot copy the data of {environment}",
            str(error),
            hint="Render lets in whom the stack file's ip_allow_list names; --source-url postgresql://… names "
            "another database, such as a restored backup",
        ) from error


def _pending(ground: Ground, django: Django) -> dict[str, Mapping[str, Any]]:
    ((known,),) = ground.rows(ground.url, HAS_HISTORY)
    there = {name for (name,) in ground.rows(ground.url, NAMES)} if known else set()
    return {key(one): one for one in django.ask("graph") if key(one) not in there}


def _worked(ground: Ground, old: Before, template: str) -> dict[str, str]:
    """What the release before cannot do, at a copy of one of the copies: what it writes there is nobody's loss."""
    url = ground.scratch.create("before", template=template)
    try:
        return old.failures(url)
    finally:
        ground.scratch.drop("before")


def _of_steps(steps: Sequence[Step], pending: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
    found = []
    for step in steps:
        own = {step.migration: pending[step.migration]}
        for lock in step.locks:
            if lock.blocks:
                held = f"{lock.name} on {lock.table} for {lock.milliseconds:.0f} ms, more than {LIMIT_MS:.0f}"
                found.append(_problem("lock", f"{held}: {' '.join(lock.statement.split())[:STATEMENT]}", own))
        if step.error:
            left = f"; it has left {', '.join(step.left)}" if step.left else "; it has left nothing"
            found.append(Problem("fails", step.migration, step.error + left))
    return found


def _problem(rule: str, what: str, migrations: Mapping[str, Mapping[str, Any]]) -> Problem:
    """One that any of these migrations may have a reviewed reason for."""
    reasons = {name: str(one["accepted"].get(rule, "")).strip() for name, one in migrations.items()}
    given = {name: reason for name, reason in reasons.items() if len(reason) >= LEAST_REASON}
    name = next(iter(given), next(iter(migrations)) if len(migrations) == 1 else "")
    return Problem(rule, name, what, given.get(name, ""))


def _reversed(
    ground: Ground,
    django: Django,
    snapshot: Snapshot,
    pending: Mapping[str, Mapping[str, Any]],
    problems: list[Problem],
) -> bool:
    ground.say("going back, and comparing with what was there")
    told = django.ask("reverse", ground.url, applied=list(pending))
    if told["error"]:
        problems.append(_problem("reverse", told["error"], {told["failed"]: pending[told["failed"]]}))
        return False
    gone = schema.lost(snapshot, schema.take(ground.rows, ground.url, like=snapshot))
    problems += [_problem("reverse", what, pending) for what in gone]
    return not gone
