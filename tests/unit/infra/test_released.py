"""What runs is what was released; without a release, what the checkout holds."""

from __future__ import annotations

import os

import pytest

from infra.components.image import app
from infra.config import Environment
from infra.content import content_hash
from infra.load import from_file
from infra.release import ReleaseError
from tests.support.program import ACCOUNT, REGISTRY, Declare, Program, Programs

RELEASED = "sha256:" + "5e" * 32

APP = app()
TAG = f"src-{content_hash(APP)[:12]}"


def test_before_the_first_release_the_image_is_built_from_the_checkout(programs: Programs) -> None:
    """One `pulumi up` fills the empty registry, under a tag that says what was built."""
    image = programs["staging"].one("registry:index:Image", "image")

    assert image.inputs == {
        "repository": f"{REGISTRY}/cams-staging",
        "registryId": ACCOUNT,
        "region": "eu-central-1",
        "tag": TAG,
        "context": os.path.relpath(APP),
        "dockerfile": os.path.relpath(APP / "Dockerfile"),
        "platform": "linux/amd64",
    }
    assert image.secret_inputs == frozenset()


@pytest.mark.parametrize(("environment", "image"), [("dev", None), ("staging", TAG), ("prod", TAG)])
def test_what_an_environment_is_declared_from_comes_first(
    programs: Programs, environment: Environment, image: str | None
) -> None:
    """A saved plan for other settings or another image is refused there: it names both and holds no secret."""
    program = programs[environment]
    basis = program.one("Basis")

    assert program.resources[0] is basis
    assert basis.inputs.get("image") == image
    assert (basis.inputs["environment"], basis.inputs["aws"]["region"]) == (environment, "eu-central-1")
    assert basis.secret_inputs == frozenset()


def test_a_released_digest_is_what_runs_and_nothing_is_built(declare: Declare) -> None:
    """The record decides: web, worker and job run its image."""
    program = declare(from_file("staging"), release={"digest": RELEASED, "commit": "c0ffee"})

    assert [found.name for found in program.all("registry:index:Image")] == ["ops-image"]
    jobs = program.one("CronJob", "jobs-clearsessions")
    services = (program.one("WebService"), program.one("BackgroundWorker"), jobs)
    assert {found.inputs["image"]["imagePath"] for found in services} == {f"{REGISTRY}/cams-staging@{RELEASED}"}
    assert program.one("Deploy", "web").inputs["verifyText"] == RELEASED
    assert program.outputs["image"] == f"{REGISTRY}/cams-staging@{RELEASED}"
    assert program.one("Basis").inputs["image"] == RELEASED


def test_a_released_image_that_is_gone_stops_the_run_before_anything_is_declared(declare: Declare) -> None:
    """Nobody can build it again: the message names the digest and every way on."""
    declared = Program()

    with pytest.raises(ReleaseError) as told:
        declare(from_file("staging"), release={"digest": RELEASED}, lost={RELEASED}, into=declared)

    assert declared.resources == []
    assert str(told.value) == (
        f"cannot deploy the release of staging: its image {RELEASED} is no longer in {REGISTRY}/cams-staging\n\n"
        f"hint: copy it back from a registry that has it (OTHER): crane copy OTHER@{RELEASED} "
        f"{REGISTRY}/cams-staging:restored-{RELEASED[7:19]}\n"
        "or go back to one that is there: ./slipway release list staging shows those before, and "
        "./slipway release rollback staging --to NUMBER records one\n"
        "or run what this checkout holds: aws ssm delete-parameter --name /cams/staging/release\n"
        "then: ./slipway up staging"
    )


def test_a_record_that_cannot_be_read_stops_the_run_before_anything_is_declared(declare: Declare) -> None:
    """Not after the half of it."""
    declared = Program()

    with pytest.raises(ReleaseError, match=r"^the release record /cams/staging/release cannot be read: digest: "):
        declare(from_file("staging"), release={"digest": "latest"}, into=declared)

    assert declared.resources == []
