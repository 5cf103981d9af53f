"""A commit's way: dev serves it from develop, staging tests and builds it, prod runs what staging has tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.holdings import holdings
from tests.support.pipeline import Pipeline, digest

Jobs = dict[str, str]
TESTED = ("test / unit and house rules", "build / image")


@dataclass
class Way:
    """What became of one commit."""

    jobs: dict[str, Jobs]
    """How the deploy of each environment ended."""
    words: dict[str, str]
    """What each serves at the end."""
    untouched: list[tuple[dict[str, Any], dict[str, Any]]]
    """All of dev and of prod, before and after the deploy of staging."""
    digests: dict[str, tuple[str, str]]
    """The image that is declared, and the one that answers."""


@pytest.fixture(scope="module")
def way(pipeline: Pipeline) -> Way:
    """Pushed to develop, and merged twice in the pull requests that the pipeline has opened."""
    dev, staging, prod = pipeline.environments.values()
    others = (dev, prod)
    for environment in others:
        environment.store("Anatomy I")
    pipeline.at("develop")
    pipeline.edit(way="herring")

    jobs = {"dev": pipeline.succeeded(pipeline.push("develop"))}
    before = [holdings(environment) for environment in others]
    jobs["staging"] = pipeline.succeeded(pipeline.merge(pipeline.promotion("staging")))
    after = [holdings(environment) for environment in others]
    jobs["prod"] = pipeline.succeeded(pipeline.merge(pipeline.promotion("prod")))

    health = {name: environment.health() for name, environment in pipeline.environments.items()}
    return Way(
        jobs=jobs,
        words={name: said["way"] for name, said in health.items()},
        untouched=list(zip(before, after, strict=True)),
        digests={one.name: (digest(one), health[one.name]["version"]) for one in (staging, prod)},
    )


def test_a_commit_on_develop_is_served_by_dev(way: Way) -> None:
    """Render builds it there; nothing is promoted to dev, and no image is made for it."""
    jobs = way.jobs["dev"]

    assert (jobs["up"], jobs["promote"], jobs["build / image"]) == ("success", "skipped", "skipped")
    assert way.words["dev"] == "herring"


def test_what_staging_has_built_runs_in_prod_byte_for_byte(way: Way) -> None:
    """It was tested and built once, for staging; the same digest is what prod declares, and what answers there."""
    built, promoted = way.jobs["staging"], way.jobs["prod"]

    assert [built[job] for job in (*TESTED, "up")] == ["success"] * 3
    assert built["promote"] == "skipped"
    assert promoted["promote"] == "success"
    assert [promoted[job] for job in (*TESTED, "preview", "up")] == ["skipped"] * 4
    assert way.words == {"dev": "herring", "staging": "herring", "prod": "herring"}
    assert len({*way.digests["staging"], *way.digests["prod"]}) == 1


def test_a_push_to_staging_changes_nothing_in_dev_and_prod(way: Way) -> None:
    """Resources, services and their deploys, images, records and rows are what they were."""
    for before, after in way.untouched:
        assert [name for name in before if before[name] != after[name]] == []
        assert any("Anatomy I" in row for row in before["rows"]["exams_exam"])
