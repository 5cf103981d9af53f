"""The migrations of this checkout, looked at: what is new is linted, and all of them are what a release records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from infra.application import APPLICATION
from infra.config import Stack
from ops.context import Context
from ops.doors.application import Django, invented
from ops.doors.programs import ROOT
from ops.environments.stacks import load, load_all
from ops.migrations.lint import Report, drift, lint, sort_out
from ops.migrations.new import New, next_branch, not_released, since_commit
from ops.migrations.released import changed

SECRET = 40  # characters of one that is made up


@dataclass(frozen=True)
class Looked:
    """What was looked at, and what was found."""

    new: New
    report: Report


def look(context: Context, *, since: str = "", released: str = "", scratch_url: str = "") -> Looked:
    """Lint what is new since a commit, or to an environment; else since the branch of the environment after."""
    stacks = load_all()
    django = application(context, stacks[0])
    described = django.ask("graph")
    new = _new(context, stacks, described, since, released)
    with context.doors.scratch(_version(stacks, released), scratch_url) as scratch:
        database = scratch.create("lint")
        report = lint(
            django,
            database,
            described,
            new.keys,
            version=_version(stacks, released),
            complaints=context.doors.complaints,
        )
        return Looked(new, with_released(context, drift(django, database, report), new, described))


def with_released(context: Context, report: Report, new: New, described: Sequence[Mapping[str, Any]]) -> Report:
    """The same with what was released and is not here as it was."""
    if not new.commit:
        return report
    left, accepted = list(report.drift), list(report.released)
    for finding, overrides in changed(context.doors.git_answer, ROOT, new.commit, described):
        beside = {rule: reason for rule, reason in overrides.items() if rule == finding.rule}
        found, reviewed = sort_out(finding.migration, [finding], beside)
        left, accepted = [*left, *found], [*accepted, *reviewed]
    return replace(report, drift=tuple(left), released=tuple(accepted))


def everything(context: Context, root: Path = ROOT / APPLICATION.root, *, scratch_url: str = "") -> Report:
    """Each migration of a tree, told against a release that has all those before it."""
    stacks = load_all()
    django = application(context, stacks[0], root)
    described = django.ask("graph")
    version = stacks[-1].database.version
    with context.doors.scratch(version, scratch_url) as scratch:
        keys = [f"{one['app']}.{one['name']}" for one in described]
        return lint(
            django, scratch.create("plan"), described, keys, version=version,
            complaints=context.doors.complaints, one_by_one=True,
        )  # fmt: skip


def application(context: Context, stack: Stack, root: Path = ROOT / APPLICATION.root) -> Django:
    """Its Django as an environment has it, without debugging, and with secrets that no environment has."""
    told = (
        stack.plain_variables
        | dict(stack.application.variables)
        | {stack.names.variable("ALLOWED_HOSTS"): "127.0.0.1"}
    )
    secrets = dict(stack.application.generated) | dict.fromkeys(stack.secrets, SECRET)
    return context.doors.application(root, told | invented(secrets))


def _new(
    context: Context, stacks: Sequence[Stack], described: Sequence[Mapping[str, Any]], since: str, released: str
) -> New:
    if released:
        return not_released(context, load(released), described)
    answer = context.doors.git_answer
    return since_commit(answer, ROOT, since or next_branch(answer, ROOT, stacks), described)


def _version(stacks: Sequence[Stack], released: str) -> str:
    """That of the environment's PostgreSQL, else of the last one's."""
    return next((one for one in stacks if one.environment == released), stacks[-1]).database.version
