"""What a stack file says that a release has to show."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from infra.application import APPLICATION
from infra.gate import Gate
from infra.load import from_file
from tests.support.program import run
from tests.support.stack_settings import ROOT, refused, settings


def test_a_release_has_to_show_more_in_prod_than_elsewhere() -> None:
    """The gate of prod is stronger in each of its settings."""
    staging, prod = (from_file(environment, ROOT).gate for environment in ("staging", "prod"))

    assert staging == Gate()
    assert prod.consecutive > staging.consecutive
    assert prod.watch_seconds > staging.watch_seconds
    assert prod.bake_seconds > staging.bake_seconds
    assert prod.error_percent < staging.error_percent
    assert prod.latency_ratio < staging.latency_ratio


def test_a_gate_that_asks_for_nothing_is_refused() -> None:
    """Nor is there a setting that is nearly called like one."""
    config = settings(gate__consecutive=0, gate__latency_ratio=0.9, gate__watch=5)

    assert refused(config) == [
        "gate/consecutive: Input should be greater than or equal to 1",
        "gate/latency_ratio: Input should be greater than or equal to 1",
        "gate/watch: is not a setting",
    ]


@pytest.mark.parametrize(
    ("workers", "check", "worker_gate", "job_gate"),
    [
        (
            "/queues",
            "--check",
            {
                "watchSeconds": 10,
                "watchesToo": "web-id",
                "workersUrl": "https://cams-staging-x7f2.onrender.com/queues",
            },
            {"checkCommand": "python start.py clearsessions --check"},
        ),
        (None, None, {"watchSeconds": 10, "watchesToo": "web-id"}, {}),
    ],
)
def test_workers_and_jobs_prove_what_their_application_can(
    workers: str | None, check: str | None, worker_gate: dict[str, Any], job_gate: dict[str, Any]
) -> None:
    """One without a proof of them has its workers watched, and its jobs deployed as they are."""
    application = dataclasses.replace(APPLICATION, workers=workers, check=check)
    stack = from_file("staging", ROOT).model_copy(update={"application": application})

    program = run(stack)

    assert program.one("Deploy", "worker").inputs["gate"] == worker_gate
    assert program.one("Deploy", "jobs-clearsessions").inputs["gate"] == job_gate
