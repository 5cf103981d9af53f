"""A job is named as GitHub names it, and what cannot be one is refused before anything is started."""

from __future__ import annotations

import pytest

from console.errors import WRONG_USE, ExplainedError
from localcloud.control import workflow


def test_a_repository_is_written_with_its_ids() -> None:
    """As in the subjects of repositories made since 2026-07-15."""
    job = workflow.job("example@6154722/cams@1029384756", ref="refs/heads/staging", environment="staging")

    assert (job.full_name, job.owner_id, job.repository_id) == ("example/cams", 6154722, 1029384756)


@pytest.mark.parametrize(
    ("repository", "told", "said"),
    [
        ("example/cams", {"ref": "refs/heads/main"}, "wrong repository: 'example/cams' lacks a name or an id"),
        ("example@1/cams@2", {"ref": "main"}, "there is no such job: ref: String should match pattern '^refs/.+$'"),
        (
            "example@1/cams@2",
            {"ref": "refs/heads/main", "event_name": "pull_request"},
            "there is no such job: : Value error, ref: of a pull request it is refs/pull/NUMBER/merge",
        ),
    ],
)
def test_what_is_no_job_is_refused(repository: str, told: dict[str, str], said: str) -> None:
    """With the reason."""
    with pytest.raises(ExplainedError) as refused:
        workflow.job(repository, **told)

    assert (str(refused.value).splitlines()[0], refused.value.code) == (said, WRONG_USE)
