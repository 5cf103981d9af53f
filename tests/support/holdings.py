"""All of an environment that another one's deploy leaves as it is: what the state, the clouds and the rows say."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from tests.support.waiting import eventually
from tests.support.world import Environment

UNDER_WAY = ("created", "queued", "build_in_progress", "pre_deploy_in_progress", "update_in_progress")
HEARTBEATS = "cams_heartbeat"  # which workers write as time goes on
PROOF = "cams.heartbeats.prove"  # the job that each gives itself, twice a minute


def holdings(environment: Environment) -> dict[str, Any]:
    """By what it is; the same twice where nothing was done in between. What was begun before is waited for."""
    eventually(lambda: not _in_progress(environment), f"the deploys of {environment.name} are over")
    return {
        "resources": environment.export(),
        "services": _services(environment),
        "images": _images(environment),
        "parameters": _parameters(environment),
        "rows": _rows(environment),
        "answers": environment.health() | {"instance": "any"},
    }


def _in_progress(environment: Environment) -> list[str]:
    deploys = [deploy for _, made in _services(environment).values() for deploy in made]
    return [one["id"] for one in deploys if one["status"] in UNDER_WAY]


def _services(environment: Environment) -> dict[str, Any]:
    """Whatever Render tells of each, and all of its deploys."""
    render, stem = environment.world.render, f"cams-{environment.name}"
    mine = [one for one in render.all("/services", "service") if one["name"].startswith(stem)]
    assert len(mine) == 7
    return {one["name"]: (one, render.all(f"/services/{one['id']}/deploys", "deploy")) for one in mine}


def _images(environment: Environment) -> list[tuple[str, str]]:
    """Each in its registry: digest and tag."""
    ecr = environment.world.aws("ecr")
    pages = ecr.get_paginator("list_images").paginate(repositoryName=f"cams-{environment.name}")
    return sorted((one["imageDigest"], one.get("imageTag", "")) for page in pages for one in page["imageIds"])


def _parameters(environment: Environment) -> dict[str, tuple[int, str]]:
    """Its record, lock and audit: each version of them has another number."""
    found = environment.world.aws("ssm").get_parameters_by_path(Path=f"/cams/{environment.name}", Recursive=True)
    return {one["Name"]: (one["Version"], one["Value"]) for one in found["Parameters"]}


def _rows(environment: Environment) -> dict[str, list[str]]:
    """Every row of every table."""
    with psycopg.connect(environment.database.url, connect_timeout=5) as connection:
        listed = connection.execute("select tablename from pg_tables where schemaname = 'public' order by 1")
        tables = [name for (name,) in listed if name != HEARTBEATS]
        every = sql.SQL("select t::text from {} t order by 1")
        rows = {name: [row for (row,) in connection.execute(every.format(sql.Identifier(name)))] for name in tables}
    return {name: [row for row in found if PROOF not in row] for name, found in rows.items()}
