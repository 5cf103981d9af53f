"""The preview of a pull request: the same components, nothing in AWS, nobody else's data, and little money."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pulumi
import pytest

from infra import load_preview
from infra.application import APPLICATION
from infra.errors import ConfigError
from infra.load import ROOT, from_file
from infra.names import preview, pull_of
from infra.preview import Preview
from infra.trust import github_subjects
from tests.support.preview_program import run_preview
from tests.support.program import Program

COMMIT = "c0ffee" * 6 + "c0de"
GIVEN = {"pull": "7", "branch": "more-seats", "commit": COMMIT, "until": "2026-12-03T10:00:00+00:00"}


def one(**given: str) -> Preview:
    """That of a pull request as Pulumi.preview.yaml would have it."""
    return load_preview.one(GIVEN | given, ROOT)[0]


@pytest.fixture(scope="module")
def declared() -> Program:
    """What the program asks the engine for."""
    return run_preview(one())


def test_it_has_nothing_in_aws(declared: Program) -> None:
    """No identity, no key, no bucket, no secret, no registry: there is nothing to take, and no role to take it by."""
    assert [
        found.type for found in declared.resources if not found.type.startswith(("render:", "random:", "cams:"))
    ] == []
    assert {token for token, _ in declared.asked} == {
        "aws:index/getCallerIdentity:getCallerIdentity",
        "render:index:getProject",
    }
    told = json.dumps([found.inputs for found in declared.resources if found.type.startswith("render:")])
    assert re.findall(r"AWS_\w+|arn:aws|STORAGE_BUCKET", told) == []


def test_it_is_alone_at_render(declared: Program) -> None:
    """An environment of its own whose network is closed to the others, a database that no address outside reaches."""
    environment, database = declared.one("Environment").inputs, declared.one("Postgres").inputs

    assert (environment["name"], environment["networkIsolationEnabled"]) == ("pr-7", True)
    assert (database["name"], database["plan"], database["ipAllowList"]) == ("cams-pr-7-db", "basic_256mb", [])
    named = {found.inputs.get("name") for found in declared.resources if found.type.startswith("render:")} - {None}
    assert named == {"pr-7", "cams-pr-7", "cams-pr-7-worker", "cams-pr-7-db", "cams-pr-7-cache"}
    assert [found.name for found in declared.resources if found.protect or found.retain] == []


def test_it_is_told_what_it_is(declared: Program) -> None:
    """Its addresses under the prefix that the application reads for previews, and secrets that are nobody else's."""
    variables = declared.one("EnvGroup").inputs["envVars"]

    assert variables["ENVIRONMENT"] == "preview"
    assert variables["PREVIEW_ALLOWED_HOSTS"] == "cams-pr-7-x7f2.onrender.com"
    assert variables["PREVIEW_DATABASE_URL"] == "postgresql://cams-pr-7-db"
    assert variables["DJANGO_SECRET_KEY"] == "generated secrets-django-secret-key"
    assert {"envVars.DJANGO_SECRET_KEY", "envVars.PREVIEW_DATABASE_URL"} <= declared.one("EnvGroup").secret_inputs


def test_it_runs_the_commit_that_was_asked_for_and_fills_its_database(declared: Program) -> None:
    """Render builds the branch, deploys nothing by itself, and the database is filled before there is traffic."""
    web = declared.one("WebService").inputs

    assert (web["branch"], web["autoDeployTrigger"], web["preDeployCommand"]) == (
        "more-seats",
        "off",
        "python start.py sample",
    )
    assert {found.inputs["triggers"]["commit"] for found in declared.all("render:index:Deploy")} == {COMMIT}
    assert declared.outputs == {
        "url": "https://cams-pr-7-x7f2.onrender.com",
        "branch": "more-seats",
        "commit": COMMIT,
        "until": "2026-12-03T10:00:00+00:00",
    }


def test_what_it_is_declared_from_is_in_the_state_first(declared: Program) -> None:
    """So that one whose first `up` was killed is known all the same, and goes when its days are over."""
    basis = declared.resources[0]

    assert basis.type == "cams:index:Basis"
    assert (basis.inputs["pull"], basis.inputs["branch"], basis.inputs["until"]) == (
        7,
        "more-seats",
        "2026-12-03T10:00:00Z",
    )


def test_credentials_of_another_account_are_refused() -> None:
    """As for every environment: what follows would be made in the wrong place."""
    with pytest.raises(pulumi.RunError, match="refused: the credentials belong to AWS account 999999999999"):
        run_preview(one(), account="999999999999")


@pytest.mark.parametrize(
    ("stack", "pull"), [("pr-7", 7), ("pr-07", None), ("pr-", None), ("prod", None), ("pr-x", None)]
)
def test_a_stack_is_of_a_pull_request_by_its_name(stack: str, pull: int | None) -> None:
    """And of no environment: none begins so."""
    assert pull_of(stack) == pull
    assert pull is None or preview(pull) == stack


def test_what_the_engine_passes_is_what_was_read() -> None:
    """The file that is written for the engine says the same; one of another pull request is refused."""
    preview, text = load_preview.one(GIVEN, ROOT)
    config = json.loads(text)["config"]
    passed = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
    environ = {"PULUMI_CONFIG": json.dumps(passed)}

    assert load_preview.from_process("pr-7", environ) == preview
    with pytest.raises(ConfigError, match="pull: is 7, but the stack is `pr-8`"):
        load_preview.from_process("pr-8", environ)


def test_only_the_workflow_of_the_reviewed_branch_takes_the_role() -> None:
    """Of the environment `preview` at GitHub, which is none of the three."""
    shared = load_preview.shared()
    ours = github_subjects(shared)

    assert shared.branch == "main"
    assert {subject.rpartition(":")[2] for subject in ours} == {"preview"}
    assert not set(ours) & {
        name for other in ("dev", "staging", "prod") for name in github_subjects(from_file(other))
    }


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"domains": {"web": ["exams.example.org"]}}, "domains/web/0: `exams.example.org` would be every preview's"),
        ({"days": 31}, "days: Input should be less than or equal to 30"),
        ({"jobs": {"plan": "starter"}}, "jobs: is not a setting"),
        ({"auto_deploy": "commit"}, "auto_deploy: Input should be 'off'"),
        ({"variables": {"PREVIEW_DATABASE_URL": "x"}}, "variables/PREVIEW_DATABASE_URL: is decided by the program"),
        ({"variables": {"DJANGO_DEBUG": "true"}}, "variables/DJANGO_DEBUG: debug pages are for dev alone"),
        (
            {"database": {"plan": "basic_256mb", "ip_allow_list": [{"cidr": "0.0.0.0/0", "description": "all"}]}},
            "database/ip_allow_list: a preview's is reached by its own services alone",
        ),
    ],
)
def test_what_no_preview_may_have(more: dict[str, Any], why: str, tmp_path: Path) -> None:
    """Told with its path, as in every stack file."""
    import yaml

    said = yaml.safe_load((ROOT / "Pulumi.preview.yaml").read_text())
    said["config"] |= {APPLICATION.names.setting(key): value for key, value in more.items()}
    (tmp_path / "Pulumi.preview.yaml").write_text(yaml.safe_dump(said))

    with pytest.raises(ConfigError, match=re.escape(why)):
        load_preview.shared(tmp_path)
