"""`release diff`: what one environment has and another has not."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ops.arguments import AsJson, Which
from ops.context import Context
from ops.environments.stacks import Environment
from ops.releases.comparison import Comparison, compare
from registry_api.manifests import is_digest

SHORT = 19  # characters of a digest
LONGEST = 60


def diff(
    shell: typer.Context,
    environment: Which,
    other: Annotated[
        Environment | None, typer.Argument(help="Compared with which; by default the one it is promoted from.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what differs between two environments: commits, migrations, configuration, packages."""
    context = Context.of(shell)
    found = compare(context, environment, other)
    if as_json:
        context.output.json(shown(found))
        return
    for line in lines(found):
        context.output.line(line, hang=4)


def shown(found: Comparison) -> dict[str, Any]:
    """For programs."""
    pairs = {"configuration": found.configuration, "packages": found.packages}
    both = {
        name: None if each is None else {key: {found.here: one, found.there: two} for key, (one, two) in each.items()}
        for name, each in pairs.items()
    }
    commits = None if found.commits is None else {found.here: found.commits[0], found.there: found.commits[1]}
    migrations = {found.here: found.migrations["here"], found.there: found.migrations["there"]}
    return {"environments": [found.here, found.there], "commits": commits, "migrations": migrations, **both}


def lines(found: Comparison) -> list[str]:
    """For people; a section without anything to tell says so."""
    here, there = found.here, found.there
    one, two = (version[:SHORT] or "unknown" for version in found.versions)
    told = [f"commits    {here} {one} | {there} {two}"]
    if one == two:
        told.append("  the same")
    elif found.commits is None:
        told.append("  cannot be compared: git in this clone does not have both commits")
    else:
        for name, commits in zip((here, there), found.commits, strict=True):
            told += [f"  only {name}: {_cut(commit)}" for commit in commits]
    told.append("migrations")
    for name, which in ((here, "here"), (there, "there")):
        told += [f"  only {name}: {migration}" for migration in found.migrations[which]]
    told.append(f"configuration    {here} | {there}")
    told += _pairs(found.configuration)
    told.append(f"packages    {here} | {there}")
    told += ["  no SBOM of one of them"] if found.packages is None else _pairs(found.packages)
    return told


def _pairs(pairs: dict[str, tuple[str, str]]) -> list[str]:
    return [f"  {name}: {_short(one)} | {_short(other)}" for name, (one, other) in pairs.items()]


def _short(value: str) -> str:
    """Of a digest its beginning, by which it is known."""
    return (value[:SHORT] if is_digest(value) else value) or "-"


def _cut(commit: str) -> str:
    return commit if len(commit) <= LONGEST else f"{commit[: LONGEST - 1]}…"
