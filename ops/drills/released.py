"""The release beside the data: what its migrations make of nothing, and whether it serves from what was restored."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from console.errors import ExplainedError
from ops.doors.application import Django, StartError
from ops.doors.postgres import Scratch
from ops.drills import schema
from ops.drills.means import Candidate
from ops.migrations.lint import key
from ops.migrations.schema import Rows

APPLIED = "SELECT app || '.' || name FROM django_migrations"
HAS_HISTORY = "SELECT to_regclass('django_migrations') IS NOT NULL"
BODY = 200  # characters of an answer that is no good


@dataclass(frozen=True)
class Fresh:
    """What the release makes of an empty database."""

    migrations: Mapping[str, Sequence[str]]
    """Each with those that it stands for where it is a squashed one: these may be noted instead."""
    apps: frozenset[str]
    things: set[schema.Thing]


def make(django: Django, scratch: Scratch, rows: Rows) -> Fresh:
    """In a database of its own, gone afterwards."""
    url = scratch.create("fresh")
    try:
        made = django.ask("from nothing", url)
        for one in made["applied"]:
            if one["error"]:
                why = f"{one['app']}.{one['name']} cannot be applied to an empty database: {one['error']}"
                raise ExplainedError("cannot make ready the release", why)
        things = schema.take(rows, url)
    finally:
        scratch.drop("fresh")
    described = made["migrations"]
    migrations = {key(one): one["replaces"] for one in described}
    return Fresh(migrations, frozenset(one["app"] for one in described), things)


def differences(fresh: Fresh, rows: Rows, url: str) -> list[str]:
    """Migrations that are not applied, or that the release does not know; and what they make that is not there."""
    ((known,),) = rows(url, HAS_HISTORY)
    if not known:
        return ["the table django_migrations is not there: no migration is noted as applied"]
    applied = {str(name) for (name,) in rows(url, APPLIED)}
    pending = [
        name
        for name, replaced in fresh.migrations.items()
        if name not in applied and not (replaced and applied.issuperset(replaced))
    ]
    known_ones = {one for name, replaced in fresh.migrations.items() for one in (name, *replaced)}
    ahead = sorted(name for name in applied - known_ones if name.partition(".")[0] in fresh.apps)
    found = [f"the migration {name} of the release is not applied" for name in pending]
    found += [f"the migration {name} is applied, and the release does not have it" for name in ahead]
    gone = schema.missing(fresh.things, schema.take(rows, url))
    return found + gone


@dataclass
class Used:
    """How it served."""

    healthy_seconds: float | None = None
    findings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def use(candidate: Candidate, url: str, clock: Callable[[], float]) -> Used:
    """Start it as its image does, wait until it is healthy, and send what every release has to answer."""
    application, used = candidate.application, Used()
    began = clock()
    try:
        with candidate.django.serving(application.web, url, application.health) as web:
            used.healthy_seconds = round(clock() - began, 3)
            asked = dict(application.smoke) | {application.release: 200}
            answers = [(web.get(path), right, "GET") for path, right in asked.items()]
            answers += [(web.post(path), right, "POST") for path, right in application.posts.items()]
            used.findings = list(_wrong(answers))
            used.notes = [f"healthy after {used.healthy_seconds:.1f} s; {len(answers)} requests answered"]
    except StartError as error:
        used.findings = [f"the release does not serve from it: {error}"]
    return used


def _wrong(answers: list[tuple[Any, int, str]]) -> Iterator[str]:
    for answer, right, method in answers:
        if answer.status != right:
            said = " ".join(re.sub("<[^>]*>", " ", answer.body).split())[:BODY]
            yield f"{method} {answer.path} answers HTTP {answer.status} instead of {right}: {said}"
